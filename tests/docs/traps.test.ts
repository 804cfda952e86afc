// The documentation promises a test for every trap: each must be listed, and each test named there must exist.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { openMetrics } from '../exporter/metrics/metrics-stand.ts';

const ROOT = new URL('../../', import.meta.url);
const TRAPS = Array.from({ length: 22 }, (_, index) => index + 1);

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

interface Row {
  readonly trap: number;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** Rows of a table `| trap | what | `file` › title<br>… |`. */
function trapRows(document: string): readonly Row[] {
  return [...document.matchAll(/^\| (\d+) \| [^|]+ \| (.+) \|$/gm)].map(([, trap, held = '']) => ({
    trap: Number(trap),
    tests: held.split('<br>').map((entry) => {
      const [, file = '', title = ''] = /^`([^`]+)` › (.+)$/.exec(entry.trim()) ?? [];
      return { file, title };
    }),
  }));
}

function helpOf(text: string, name: string): string {
  return new RegExp(`^# HELP ${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
}

for (const path of ['docs/liquidations.md', 'docs/open-interest.md']) {
  t.test(`every test that ${path} names exists, under the number of its trap`, async (t) => {
    const rows = trapRows(read(path));
    t.ok(rows.length > 0);
    for (const { trap, tests } of rows) {
      for (const { file, title } of tests) {
        t.match(title, new RegExp(`^traps? (\\d+ and )?${trap}\\b`), `${path}: trap ${trap} names it in the title`);
        t.ok(read(file).includes(`t.test('${title}'`), `${file} › ${title}`);
      }
    }
  });
}

t.test('all 22 traps are listed once and in order', async (t) => {
  t.same(
    trapRows(read('docs/liquidations.md')).map(({ trap }) => trap),
    TRAPS,
  );
});

t.test('trap 13: the HELP texts say what kind of price each venue gives', async (t) => {
  const text = await openMetrics().metrics.metrics();
  for (const name of [
    'derivatives_liquidation_notional_usd_total',
    'derivatives_liquidation_window_largest_price_usd',
  ]) {
    for (const words of [/average fill\b.*Binance/, /bankruptcy price\b.*Bybit/, /liquidation price\b.*OKX/]) {
      t.match(helpOf(text, name), words, `${name} says ${words}`);
    }
  }
});

t.test('trap 14: the HELP texts speak of what is observed or reported', async (t) => {
  const text = await openMetrics().metrics.metrics();
  t.match(helpOf(text, 'derivatives_liquidations_total'), /reported by the venue.*not all there are/);
  t.match(helpOf(text, 'derivatives_liquidation_notional_usd_total'), /reported/);
  for (const name of [
    'window_events',
    'window_largest_usd',
    'burst_events',
    'market_window_events',
    'market_burst_events',
  ]) {
    t.match(helpOf(text, `derivatives_liquidation_${name}`), /observed/i, name);
  }
  t.match(helpOf(text, 'derivatives_feed_sampled'), /only a sample/);
});

t.test('trap 21: the documentation says that connections are direct, by the ws library', async (t) => {
  t.match(
    read('docs/liquidations.md').replaceAll('\n', ' '),
    /connects directly, by the `ws` library.*reads no proxy variables/,
  );
  t.match(read('exporter/connections/socket.ts'), /import \{ WebSocket \} from 'ws'/);
});
