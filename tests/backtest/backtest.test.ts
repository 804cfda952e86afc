// Whole back-tests: the shipped rules over small recordings on the real engine.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { type BacktestOptions, COMMAND, readOptions } from '../../backtest/options.ts';
import { createProgress } from '../../backtest/progress.ts';
import { formatReport } from '../../backtest/report.ts';
import { type BacktestResult, runBacktest } from '../../backtest/run.ts';
import { parseCommandLine } from '../../common/command-line.ts';
import { CHECKOUT, findTestEngines } from './engine-under-test.ts';

const RULES = join(CHECKOUT, 'prometheus', 'rules');
// Real engines on a busy machine.
t.setTimeout(120_000);

const T = Date.UTC(2026, 0, 5, 12);
const run = promisify(execFile);

async function backtest(args: readonly string[]): Promise<{ result: BacktestResult; options: BacktestOptions }> {
  const options = readOptions(parseCommandLine(COMMAND, args));
  const quietProgress = createProgress({ write: () => undefined });
  return { options, result: await runBacktest(options, await findTestEngines(), RULES, quietProgress) };
}

interface Row {
  readonly seconds: number;
  readonly usd: number;
  readonly exchange?: string;
  readonly symbol?: string;
  readonly side?: string;
}

function writeCsv(t: Test, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ seconds, usd, exchange = 'binance', symbol = 'BTC', side = 'long' }) =>
      `${exchange},${symbol},${side},${usd},100,${T + seconds * 1_000}`,
  );
  const header = 'exchange,symbol,side,notional_usd,price_usd,event_time';
  return join(t.testdir({ 'rows.csv': [header, ...lines].join('\n') }), 'rows.csv');
}

/** Of BTC, $396k together; one more of $104k within 30 s makes a cascade of exactly $500k. */
const FOUR: readonly Row[] = [0.25, 5.25, 10.25, 15.25].map((seconds) => ({ seconds, usd: 99_000 }));

t.test('a cascade fires once, when the window is full, with the figures of its annotations', async (t) => {
  const rows = [...FOUR, { seconds: 20.25, usd: 104_000, exchange: 'okx', side: 'short' }];
  const { result } = await backtest([writeCsv(t, rows)]);

  const [verdict] = result.verdicts;
  const cascades = verdict?.alerts.filter(({ alert }) => alert === 'LiquidationCascade') ?? [];
  t.equal(cascades.length, 1);
  t.match(cascades[0], {
    labels: { symbol: 'BTC', tier: '1', priority: 'high', severity: 'critical' },
    firedAt: T + 21_000,
    value: 500_000,
    figures: {
      events: '5',
      long_events: '4',
      short_events: '1',
      notional_usd: '500000',
      largest_usd: '104000',
      venues: 'binance=396000,okx=104000',
      event_timestamp: ((T + 20_250) / 1_000).toFixed(3),
    },
  });
  // The burst stays readable for 10 s after its last arrival, the alert holds on for 60 s after that.
  t.equal(cascades[0]?.endedAt, T + 91_000);
  const large = verdict?.alerts.filter(({ alert }) => alert === 'LargeLiquidation') ?? [];
  t.match(large, [{ figures: { side: 'short', exchange: 'okx', price_usd: '100.0000000000' }, singles: 1 }]);
});

const misses = [
  { name: 'a dollar short', rows: [...FOUR, { seconds: 20.25, usd: 103_999 }] },
  { name: 'one liquidation short', rows: [0, 5, 10, 15].map((seconds) => ({ seconds, usd: 125_000 })) },
  { name: 'a window too long', rows: [...FOUR, { seconds: 30.25, usd: 104_000 }] },
] as const;

for (const { name, rows } of misses) {
  t.test(`no cascade fires for ${name}`, async (t) => {
    const { result } = await backtest([writeCsv(t, rows)]);

    const fired = result.verdicts[0]?.alerts.map(({ alert }) => alert) ?? [];
    t.notOk(fired.includes('LiquidationCascade'), fired.join(', '));
  });
}

t.test('compares two threshold files side by side', async (t) => {
  const file = writeCsv(t, [...FOUR, { seconds: 20.25, usd: 104_000 }]);
  const quiet = join(CHECKOUT, 'prometheus', 'thresholds.quiet.yml');

  const { result, options } = await backtest(['--thresholds', quiet, file]);

  const fired = result.verdicts.map(
    ({ alerts }) => alerts.filter(({ alert }) => alert === 'LiquidationCascade').length,
  );
  t.strictSame(fired, [1, 0]);
  const report = formatReport(result, options.limit);
  t.match(report, /prometheus\/thresholds\.yml\s+\S*thresholds\.quiet\.yml/);
  t.match(report, /total +LiquidationCascade BTC ×1 +1 +0/);
});

t.test('an explosion is confirmed by two venues, and watched although only a file names the symbol', async (t) => {
  const readings = (to: number) =>
    Array.from({ length: 13 }, (_, index) => {
      const coins = index < 9 ? 1_000_000 : to;
      return `${T + index * 300_000},${coins},${coins * 100}`;
    }).join('\n');
  const folder = t.testdir({
    'binance_XRPUSDT.csv': `t,oi,oi_usd\n${readings(1_300_000)}`,
    'bybit_XRPUSDT.csv': `t,oi,oi_usd\n${readings(1_260_000)}`,
    'okx_XRP.csv': `t,oi,oi_usd\n${readings(1_000_000)}`,
  });
  const two = await backtest([join(folder, 'binance_XRPUSDT.csv'), join(folder, 'bybit_XRPUSDT.csv')]);
  const one = await backtest([join(folder, 'binance_XRPUSDT.csv')]);

  const explosion = two.result.verdicts[0]?.alerts.find(({ alert }) => alert === 'OpenInterestExplosion');
  t.match(explosion, {
    labels: { symbol: 'XRP' },
    firedAt: T + 9 * 300_000,
    figures: { change_ratio: '0.280000', confirming: '2', voting: '2', to_usd: '256000000', from_usd: '200000000' },
  });
  t.notOk(one.result.verdicts[0]?.alerts.some(({ alert }) => alert === 'OpenInterestExplosion'));
});

t.test("says what was skipped, what is the engine's and what is ours", async (t) => {
  const row = `binance,BTC,long,5,${T}`;
  const folder = t.testdir({
    'rows.csv': `exchange,symbol,side,notional_usd,event_time\n${row}`,
    'broken.jsonl': '{}\n{"x":',
  });

  const { result, options } = await backtest([join(folder, 'rows.csv'), join(folder, 'broken.jsonl')]);
  const report = formatReport(result, options.limit);

  t.match(report, /Recorded: 1 liquidations/);
  t.match(report, /Skipped: 2 rows/);
  t.match(report, /broken\.jsonl:2: not a JSON object/);
  t.match(report, /The engine's: .*Prometheus \d+\.\d+\.\d+/);
  t.match(report, /Ours: .*`for` and `keep_firing_for`/);
  t.match(report, /\nnone\n/);
});

t.test('lists no more alerts than asked for, and counts all', async (t) => {
  const rows = [0, 600, 1_200].map((seconds) => ({ seconds, usd: 150_000 }));

  const { result, options } = await backtest(['--limit', '1', writeCsv(t, rows)]);

  t.match(formatReport(result, options.limit), /3 alerts .*3 large single.*… and 2 more/s);
  t.match(formatReport(result, options.limit), /total +LargeLiquidation BTC ×1 +3/);
});

t.test('the program refuses in words what the user can mend', async (t) => {
  const folder = t.testdir({
    'notes.txt': 'hello',
    'bad.yml': 'groups: [{ name: g, rules: [{ record: "a b", expr: 1 }] }]',
    'percent.yml': readFileSync(join(RULES, 'thresholds.yml'), 'utf8').replace('or vector(0.15)', 'or vector(15)'),
  });
  const calls = [
    { args: [], code: 2, said: /no FILE given/ },
    { args: [join(folder, 'notes.txt')], code: 1, said: /^\S*notes\.txt is of no kind/ },
    { args: ['--thresholds', join(folder, 'bad.yml'), join(folder, 'notes.txt')], code: 1, said: /bad\.yml/ },
    {
      args: ['--thresholds', join(folder, 'percent.yml'), 'x'],
      code: 1,
      said: /percent\.yml:\d+: BTC .*15 % is 0\.15/,
    },
    { args: ['--thresholds', join(folder, 'none.yml'), 'x'], code: 1, said: /none\.yml/ },
  ] as const;
  for (const { args, code, said } of calls) {
    const call = run(process.execPath, [join(CHECKOUT, 'backtest', 'main.ts'), ...args]);

    await t.rejects(call, { code, stderr: said });
  }
});

t.test('the program prints its usage and its report', async (t) => {
  const main = join(CHECKOUT, 'backtest', 'main.ts');

  t.match((await run(process.execPath, [main, '--help'])).stdout, /--thresholds FILE/);
  t.match((await run(process.execPath, [main, writeCsv(t, [{ seconds: 0, usd: 150_000 }])])).stdout, /1 alerts/);
  t.ok(readFileSync(join(CHECKOUT, 'package.json'), 'utf8').includes('backtest/main.ts'));
});
