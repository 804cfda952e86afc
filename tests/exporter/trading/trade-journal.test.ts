// The journal as another program writes it: read while in use, in every condition that it may be found in.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import t, { type Test } from 'tap';
import { createSystemClock } from '../../../common/clock.ts';
import { createLogger } from '../../../common/logger.ts';
import { registryWriters } from '../../../exporter/metrics/snapshot-metric.ts';
import { judgePerformance, MOST_NAMES } from '../../../exporter/trading/performance.ts';
import { readJournal } from '../../../exporter/trading/read-journal.ts';
import { createTradeJournal } from '../../../exporter/trading/trade-journal.ts';
import { registerTradingMetrics } from '../../../exporter/trading/trading-metrics.ts';
import { waitUntil } from '../../support/waiting.ts';
import { DAY, START, writeJournal } from './journals.ts';

/** As the exporter writes it. */
async function textOf(registry: Registry): Promise<string> {
  return (await Promise.all(registryWriters(registry).map(async (write) => (await write()).join('')))).join('\n');
}

function follow(t: Test, path: string) {
  const lines: string[] = [];
  const logger = createLogger('exporter', 'info', { write: (line: string) => void lines.push(line) });
  const journal = createTradeJournal({ path, clock: createSystemClock(), logger, periodMs: 5 });
  const stopping = new AbortController();
  const running = journal.run(stopping.signal);
  t.teardown(async () => {
    stopping.abort();
    await running;
  });
  return { journal, lines };
}

t.test('reads closed trades and equity while the bot writes', async (t) => {
  const { path, add } = writeJournal(t, {
    trades: [{ pnl: 10 }, { pnl: -5, closed: '2026-11-20 10:00:00' }, { pnl: 99, closed: null }, { pnl: null }],
    equity: [
      [START + DAY, 900],
      [START, 1_000],
    ],
  });
  const { state, trades, equity, skippedRows } = await readJournal(path);
  t.equal(state, 'ok');
  t.same(trades.map(({ pnl }) => pnl).toSorted(), [-5, 10], 'an open trade is none');
  t.same(
    equity.map(({ equity: value }) => value),
    [1_000, 900],
    'in order of time',
  );
  t.equal(skippedRows, 0);
  add({ pnl: 7 });
  t.equal((await readJournal(path)).trades.length, 3, 'what stands only in the write-ahead log counts');
});

t.test('rows that nobody can understand are counted, not guessed', async (t) => {
  const { path } = writeJournal(t, { trades: [{ pnl: 1 }, { pnl: 2, closed: 'soon' }, { pnl: 3, symbol: '' }] });
  const { trades, skippedRows } = await readJournal(path);
  t.equal(trades.length, 1);
  t.equal(skippedRows, 2);
});

t.test('a journal of many steps is read whole, once', async (t) => {
  const { path } = writeJournal(t, { trades: Array.from({ length: 1_234 }, (_, index) => ({ pnl: index })) });
  const { trades } = await readJournal(path);
  t.equal(new Set(trades.map(({ pnl }) => pnl)).size, 1_234);
});

t.test('makes no file beside a journal that nobody has open', async (t) => {
  const { path, bot } = writeJournal(t, { trades: [{ pnl: 1 }] });
  bot.close();
  t.equal((await readJournal(path)).state, 'ok');
  for (const suffix of ['-wal', '-shm', '-journal']) t.notOk(existsSync(`${path}${suffix}`), suffix);
});

for (const mode of ['WAL', 'DELETE'] as const) {
  t.test(`never holds up a writer in journal mode ${mode}`, async (t) => {
    const { path, bot, add } = writeJournal(t, {
      mode,
      trades: Array.from({ length: 3_000 }, (_, index) => ({ pnl: index })),
    });
    bot.exec('PRAGMA busy_timeout = 0');
    const reading = readJournal(path);
    let written = 0;
    let isReading = true;
    const finished = reading.then(() => {
      isReading = false;
    });
    while (isReading) {
      add({ pnl: 1 });
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await finished;
    t.ok(written > 2, `${written} commits in between, none refused`);
  });
}

t.test('each condition has its name', async (t) => {
  const folder = t.testdir();
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const database = (name: string, sql: string) => {
    const made = new DatabaseSync(join(folder, name));
    made.exec(sql);
    made.close();
    return join(folder, name);
  };
  mkdirSync(join(folder, 'directory'));
  for (const [path, state] of [
    [join(folder, 'nowhere.sqlite'), 'missing'],
    [file('nothing.sqlite', ''), 'foreign'],
    [file('text.sqlite', 'this is a text of more than a hundred bytes, and no database at all. '.repeat(9)), 'damaged'],
    [database('other.sqlite', 'CREATE TABLE users (name TEXT)'), 'foreign'],
    [database('half.sqlite', 'CREATE TABLE trades (symbol TEXT, pnl REAL)'), 'foreign'],
    [
      database('rowless.sqlite', 'CREATE TABLE trades (symbol TEXT PRIMARY KEY, closed_ts, pnl) WITHOUT ROWID'),
      'foreign',
    ],
    [database('fresh.sqlite', 'CREATE TABLE trades (symbol TEXT, closed_ts, pnl)'), 'empty'],
  ] as const) {
    const reading = await readJournal(path);
    t.equal(reading.state, state, `${path}: ${reading.reason}`);
    t.ok(reading.reason);
  }
});

t.test('a journal that is locked keeps its last figures, and is said once', async (t) => {
  const { path, bot, add } = writeJournal(t, { mode: 'DELETE', trades: [{ pnl: 10 }] });
  const { journal, lines } = follow(t, path);
  await waitUntil('it is read', () => journal.performance?.state === 'ok');
  bot.exec('BEGIN EXCLUSIVE');
  bot.exec(`UPDATE trades SET pnl = 20`);
  // Small writes stay in the bot's memory: only a changed file makes the reader look.
  writeFileSync(`${path}-wal`, '');
  await waitUntil('it is locked', () => journal.performance?.state === 'locked');
  t.equal(journal.performance?.all?.pnl, 10);
  bot.exec('COMMIT');
  add({ pnl: 5 });
  await waitUntil('it is read again', () => journal.performance?.all?.pnl === 25);
  t.same(
    lines.map((line) => JSON.parse(line).state),
    ['ok', 'locked', 'ok'],
  );
});

t.test('a journal that does not appear is one line in the log, however often it is looked for', async (t) => {
  const path = join(t.testdir(), 'later.sqlite');
  const { journal, lines } = follow(t, path);
  await waitUntil('it is missed', () => journal.performance?.state === 'missing');
  const bot = new DatabaseSync(path);
  bot.exec(`CREATE TABLE trades (symbol TEXT, closed_ts, pnl); INSERT INTO trades VALUES ('BTC', ${START}, 4)`);
  bot.close();
  await waitUntil('it is found', () => journal.performance?.state === 'ok');
  t.equal(lines.filter((line) => line.includes('"missing"')).length, 1);
});

t.test('names of somebody else’s table stay bounded', async (t) => {
  const { path } = writeJournal(t, {
    hasStrategy: true,
    trades: Array.from({ length: 3 * MOST_NAMES }, (_, index) => ({
      pnl: 1,
      symbol: `S${Math.floor(index / 2)}`,
      strategy: index === 0 ? '' : 'trend',
    })),
  });
  const { groups } = judgePerformance(await readJournal(path));
  t.equal(new Set(groups.map(({ symbol }) => symbol)).size, MOST_NAMES + 1);
  t.ok(groups.some(({ symbol }) => symbol === 'other'));
  t.same([...new Set(groups.map(({ strategy }) => strategy))].toSorted(), ['none', 'trend']);
  t.equal(
    groups.reduce((sum, { figures }) => sum + figures.trades, 0),
    3 * MOST_NAMES,
    'nobody is lost',
  );
});

t.test('exports what is known, and nothing else', async (t) => {
  const { path } = writeJournal(t, {
    trades: [{ pnl: 30 }, { pnl: -10, symbol: 'ETH/USDT', closed: START + DAY }],
    equity: [
      [START, 1_000],
      [START + DAY, 950],
    ],
  });
  const performance = judgePerformance(await readJournal(path));
  const registry = new Registry();
  registerTradingMetrics(registry, () => performance);
  const text = await textOf(registry);
  for (const line of [
    'trading_journal_state{state="ok"} 1',
    'trading_journal_state{state="locked"} 0',
    'trading_closed_trades 2',
    'trading_win_ratio 0.5',
    'trading_profit_factor 3',
    'trading_reward_to_risk_ratio 3',
    'trading_pnl 20',
    `trading_last_trade_timestamp_seconds ${START + DAY}`,
    'trading_group_win_ratio{strategy="none",symbol="BTC/USDT"} 1',
    'trading_group_profit_factor{strategy="none",symbol="ETH/USDT"} 0',
    'trading_equity 950',
    'trading_drawdown_ratio 0.05',
  ]) {
    t.ok(text.split('\n').includes(line), line);
  }
  t.notMatch(text, /Infinity|NaN|^trading_sharpe_ratio /m);
  t.notMatch(text, 'trading_group_profit_factor{strategy="none",symbol="BTC/USDT"}');
});

t.test('exports nothing before the first look', async (t) => {
  const registry = new Registry();
  registerTradingMetrics(registry, () => undefined);
  t.notMatch(await textOf(registry), /^trading_/m);
});
