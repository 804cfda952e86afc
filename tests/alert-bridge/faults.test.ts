// The faults that a bridge must live through: storms, disks, a Telegram that is gone, two Alertmanagers, clocks that jump.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { answers } from '../../simulators/telegram/answers.ts';
import { cascade, explosion, resolved, stackAlert, webhookOf } from './support/alerts.ts';
import { createFastClock, createManualClock } from './support/clocks.ts';
import { runBridge } from './support/running-bridge.ts';

t.setTimeout(180_000);

const PENDING = 'alertbridge_outbox_messages{state="pending"}';
const CLAIMED = 'alertbridge_outbox_messages{state="claimed"}';

t.test('10,000 alerts at once are all taken, each ends in a state, and memory stays bounded', async (t) => {
  const { post, metric, telegram, clock } = await runBridge(t, { environment: { MAX_ALERTS_PER_HOUR: '10' } });
  const startsAt = clock.now();
  const storm = Array.from({ length: 10_000 }, (_, index) => cascade({ labels: { symbol: `S${index}` }, startsAt }));
  const before = process.memoryUsage().heapUsed;
  t.equal((await post(webhookOf(storm))).status, 200);
  const states = await Promise.all(
    ['pending', 'claimed', 'delivered', 'suppressed', 'dead', 'unknown', 'expired'].map((state) =>
      metric(`alertbridge_outbox_messages{state="${state}"}`),
    ),
  );
  t.ok(states.reduce<number>((sum, count) => sum + (count ?? 0), 0) >= 10_001, 'ten thousand and their digest');
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="quota"}'), 9_990);
  await telegram.waitFor(({ text }) => text.startsWith('🗂 DIGEST: 9990 alerts held back'), 30_000);
  globalThis.gc?.();
  t.ok(process.memoryUsage().heapUsed - before < 200 * 1_048_576, 'nothing of the storm is kept in memory');
});

t.test(
  'a database that another program holds is a 503 and a metric; nothing is lost, nothing is doubled',
  async (t) => {
    const folder = t.testdir();
    const { post, read, metric, telegram, clock } = await runBridge(t, { environment: { DATA_DIR: folder } });
    const blocker = new DatabaseSync(join(folder, 'bridge', 'outbox.sqlite'));
    blocker.exec('BEGIN IMMEDIATE');
    const webhook = webhookOf([cascade({ startsAt: clock.now() })]);
    t.equal((await post(webhook)).status, 503);
    t.equal(await metric('alertbridge_webhooks_rejected_total{reason="outbox_unavailable"}'), 1);
    t.match(JSON.parse(await read('/health')), { status: 'ok' }, 'what only reads goes on');
    blocker.exec('ROLLBACK');
    blocker.close();
    t.equal((await post(webhook)).status, 200);
    await telegram.waitUntil(({ messages }) => messages.length === 1);
  },
);

t.test('a full disk is a 503 and a metric, and heals when there is room again', async (t) => {
  const folder = t.testdir();
  let isFull = true;
  const { post, metric, waitForMetric, telegram, clock, read } = await runBridge(t, {
    environment: { DATA_DIR: folder },
    wrapStore: (store) => ({
      ...store,
      async accept(alerts, present) {
        // SQLite's own error of a disk without room, from a database that may not grow.
        if (isFull) throwAsSqliteWould();
        return store.accept(alerts, present);
      },
    }),
  });
  const webhook = webhookOf([cascade({ startsAt: clock.now() })]);
  t.equal((await post(webhook)).status, 503);
  t.equal(await metric('alertbridge_webhooks_rejected_total{reason="outbox_unavailable"}'), 1);
  t.match(await read('/ready'), /ready/);
  isFull = false;
  t.equal((await post(webhook)).status, 200);
  await waitForMetric(PENDING, (value) => value === 0);
  await telegram.waitUntil(({ messages }) => messages.length === 1);
});

function throwAsSqliteWould(): void {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA max_page_count = 1; PRAGMA page_size = 512;');
  try {
    database.exec(`CREATE TABLE a (b); CREATE TABLE c (d); INSERT INTO a VALUES (zeroblob(100000));`);
  } finally {
    database.close();
  }
}

t.test('Telegram is down for ten minutes and heals: the outbox ends empty, nothing is lost', async (t) => {
  const { post, telegram, metric, waitForMetric, clock } = await runBridge(t, {
    clock: createFastClock(200),
    environment: { MAX_ALERTS_PER_HOUR: '100' },
  });
  telegram.answerAlways(answers.badGateway);
  const downAt = clock.now();
  const fire = (symbol: string) => post(webhookOf([explosion({ labels: { symbol }, startsAt: clock.now() })]));
  for (const symbol of ['BTC', 'ETH', 'SOL']) await fire(symbol);
  await clock.sleep(downAt + 600_000 - clock.now());
  await fire('XRP');
  telegram.answerAlways();
  await waitForMetric(PENDING, (value) => value === 0);
  await waitForMetric(CLAIMED, (value) => value === 0);
  const heard = telegram.messages.map((message) => message.text).join('\n');
  for (const symbol of ['BTC', 'ETH', 'SOL', 'XRP'])
    t.match(heard, new RegExp(symbol), `${symbol} is told, if only in the digest`);
  t.equal(await metric('alertbridge_notifications_resent_total'), 0);
});

t.test('two Alertmanagers tell the same, and people are told once', async (t) => {
  const { post, telegram, metric, waitForMetric, clock } = await runBridge(t);
  const startsAt = clock.now();
  // Two Prometheus evaluate a moment apart, so that the second's alert starts later.
  const one = [cascade({ startsAt }), stackAlert({ startsAt })];
  const other = [cascade({ startsAt: startsAt + 400 }), stackAlert({ startsAt: startsAt + 400 })];
  await Promise.all([post(webhookOf(one)), post(webhookOf(one)), post(webhookOf(other))]);
  await waitForMetric(PENDING, (value) => value === 0);
  await Promise.all([
    post(webhookOf(one.map((alert) => resolved(alert)))),
    post(webhookOf(one.map((alert) => resolved(alert)))),
  ]);
  await post(webhookOf(other.map((alert) => resolved(alert))));
  await waitForMetric(PENDING, (value) => value === 0);
  await telegram.waitUntil(({ messages }) => messages.every((message) => message.texts.at(-1)?.startsWith('✅')));
  t.equal(telegram.messages.length, 2);
  t.ok(((await metric('alertbridge_alerts_redelivered_total')) ?? 0) >= 4);
});

t.test('a clock that somebody sets an hour forward or back delays and invents nothing', async (t) => {
  const clock = createManualClock();
  const { post, telegram } = await runBridge(t, { clock });
  for (const [jumpMs, symbol] of [
    [0, 'BTC'],
    [3_600_000, 'ETH'],
    [-7_200_000, 'SOL'],
  ] as const) {
    clock.jumpWall(jumpMs);
    const firing = cascade({ labels: { symbol }, startsAt: clock.wallNow() });
    await post(webhookOf([firing]));
    const pump = setInterval(() => clock.advance(250), 5);
    const message = await telegram
      .waitFor(({ text }) => text.includes(`${symbol} LIQUIDATION`))
      .finally(() => clearInterval(pump));
    t.notMatch(message.text, /late/, `${symbol} is not called late`);
  }
});
