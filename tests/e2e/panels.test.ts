// Every panel of every dashboard has data in the whole stack: the chain, the standard exporters of profile `full`, an existing
// system and its bot's journal, a day of history. Two need a fault or a person first; the test makes both, and sees them fill.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { isSeq, parseDocument } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';
import { startExistingSystem } from '../../simulators/existing-system/existing-system-simulator.ts';
import { demoMarkets } from '../../supervisor/demo/session.ts';
import { writeJournal } from '../exporter/trading/journals.ts';
import { askEveryPanel, queryValues } from '../grafana/panel-data.ts';
import { describePast, writePast } from '../grafana/past.ts';
import { findStandardExporters } from '../runner/standard-exporters.ts';
import { losingStore } from './drills/trading.ts';
import { fullProfileJobs, listen, startStandardExporters, writeTargets } from './full-profile.ts';
import { cascade } from './orders.ts';
import { MARKET_CHAT, startStack } from './stack.ts';

/** What somebody must do, or what must break, before these have anything to show. */
const NEED_A_FAULT: readonly string[] = [
  'Alerts and delivery / Called useful, 30 days',
  'Alerts and delivery / Price after the alert, median of 7 days',
];

const FILLED_WITHIN_MS = 150_000;
const BETWEEN_LOOKS_MS = 3_000;

t.setTimeout(420_000);

const programs = await findStandardExporters();
const skip = programs
  ? false
  : 'no node_exporter and blackbox_exporter (apt-get install prometheus-node-exporter prometheus-blackbox-exporter)';
// In the folder of the whole file: the stack clears that of its own test.
const journal = writeJournal(t, losingStore(Date.now() / 1_000));

t.test('every panel has data', { skip }, async (t) => {
  if (!programs) return;
  const existing = await startExistingSystem({ serviceMs: 5 });
  t.teardown(() => existing.close());
  const exporters = await startStandardExporters(t, programs);
  const grafana = createServer((_, response) => response.end('grafana_build_info 1\n'));
  t.teardown(() => grafana.close());
  const grafanaPort = await listen(grafana);
  const nobody = createTcpServer();
  const nobodysPort = await listen(nobody);
  nobody.close();
  const stack = await startStack(t, {
    environment: {
      MARKET_DATA_URL: existing.url,
      TELEGRAM_COMMANDS: 'polling',
      TRADE_JOURNAL_PATH: journal.path,
    },
    async adapt({ prometheus }) {
      const runDir = dirname(prometheus);
      writeTargets(runDir, {
        node: [exporters.node],
        blackbox: exporters.blackbox,
        grafana: `127.0.0.1:${grafanaPort}`,
        services: [`${existing.url}/health`],
        routes: { binance: `127.0.0.1:${nobodysPort}` },
      });
      const exporter = addJobs(prometheus, exporters.blackbox);
      const { promtool } = await findEngines({
        cacheDir: join(dirname(dirname(import.meta.dirname)), '.cache'),
        log: t.comment,
      });
      const store = join(dirname(runDir), 'prometheus');
      mkdirSync(store, { recursive: true });
      await writePast(promtool, describePast(demoMarkets(), Date.now() / 1_000, exporter), runDir, store);
    },
  });
  const { telegram, venues } = stack;
  const filled = new Set<string>();
  /** The panels that never had data, once none is expected to get any more: windows of 30 s are empty again after that. */
  const stillEmpty = async (allowed: readonly string[]): Promise<readonly string[]> => {
    const giveUpAt = performance.now() + FILLED_WITHIN_MS;
    for (;;) {
      const { all, empty } = await askEveryPanel((expr) => queryValues(stack.url('prometheus'), expr));
      for (const panel of all) if (!empty.includes(panel)) filled.add(panel);
      const left = empty.filter((panel) => !allowed.includes(panel) && !filled.has(panel));
      if (left.length === 0 || performance.now() > giveUpAt) return left;
      await delay(BETWEEN_LOOKS_MS);
    }
  };
  // A counter that was never seen at 0 has not increased.
  await stack.waitForQuery('count(count_over_time(up{job=~"exporter|alert-bridge"}[5m]) >= 2) == 2', 60_000);

  await t.test('after a cascade, but for those that need a fault first', async (t) => {
    cascade(venues, { symbol: 'BTC', longs: 5, shorts: 2, usd: 1_200_000 });

    t.same(await stillEmpty(NEED_A_FAULT), []);
    t.ok(NEED_A_FAULT.length <= 10);
  });

  await t.test('and those after a vote and a minute in which the price moved', async (t) => {
    const message = await telegram.waitFor(({ chatId }) => chatId === MARKET_CHAT);
    telegram.pressButton(message.messageId, buttonData(message.keyboard, '👍'), Number(MARKET_CHAT));
    venues.bybit.setMarkPrice('BTCUSDT', 82_000);

    t.same(await stillEmpty([]), []);
  });
});

/** @returns where the exporter is scraped */
function addJobs(configFile: string, blackbox: string): string {
  const config = parseDocument(readFileSync(configFile, 'utf8'));
  config.setIn(['global', 'scrape_interval'], '5s');
  config.setIn(['global', 'scrape_timeout'], '5s');
  const jobs = config.get('scrape_configs');
  if (!isSeq(jobs)) throw new Error('the configuration of Prometheus has jobs');
  for (const job of fullProfileJobs(blackbox)) jobs.add(config.createNode(job));
  writeFileSync(configFile, config.toString());
  const [target] = /127\.0\.0\.1:\d+/.exec(String(config.getIn(['scrape_configs', 0]))) ?? [];
  if (target === undefined) throw new Error('the exporter has an address');
  return target;
}

/** What the button sends whose label contains the text. */
function buttonData(keyboard: unknown, label: string): string {
  const rows: readonly (readonly { text: string; callback_data?: string }[])[] = Object(keyboard).inline_keyboard ?? [];
  const data = rows.flat().find(({ text }) => text.includes(label))?.callback_data;
  if (data === undefined) throw new Error(`there is no button ${label} in ${JSON.stringify(keyboard)}`);
  return data;
}
