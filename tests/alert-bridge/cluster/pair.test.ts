// Two whole bridges in one process, on one PostgreSQL, before one Telegram: what people notice of there being two.
import t, { type Test } from 'tap';
import { postgresMissing } from '../../runner/postgres.ts';
import { sharedServer } from '../outbox/databases/postgres/open-postgres.ts';
import { cascade, explosion, resolved, stackAlert, webhookOf } from '../support/alerts.ts';
import { createFastClock } from '../support/clocks.ts';
import { type RunningBridge, runBridge, WEBHOOK_TOKEN } from '../support/running-bridge.ts';
import { eventually } from './bridge-process.ts';

t.setTimeout(240_000);

const skip = await postgresMissing();
const server = sharedServer(t);
const FACTOR = 15;

async function runPair(t: Test): Promise<readonly [RunningBridge, RunningBridge]> {
  const BRIDGE_DATABASE_URL = await (await server()).createDatabase();
  const one = await runBridge(t, { clock: createFastClock(FACTOR), environment: { BRIDGE_DATABASE_URL } });
  const other = await runBridge(t, {
    clock: createFastClock(FACTOR),
    environment: { BRIDGE_DATABASE_URL, TELEGRAM_API_URL: one.telegram.url },
  });
  await eventually('one leads', async () => (await leaderOf([one, other])) !== undefined);
  return [one, other];
}

async function leaderOf(bridges: readonly RunningBridge[]): Promise<RunningBridge | undefined> {
  for (const bridge of bridges) if ((await bridge.metric('alertbridge_leader')) === 1) return bridge;
  return undefined;
}

const heartbeat = { ...stackAlert({ labels: { alertname: 'Watchdog' } }) };

t.test('each alert is one message, and its end an edit of it, whichever bridge is told', { skip }, async (t) => {
  const [one, other] = await runPair(t);
  const alert = cascade({ startsAt: one.clock.now() });
  await Promise.all([one, other, one, other].map(({ post }) => post(webhookOf([alert]))));
  await one.telegram.waitFor(({ text }) => text.includes('BTC LIQUIDATION CASCADE'), 30_000);
  await other.post(webhookOf([resolved(alert, other.clock.now())]));
  await one.telegram.waitFor(({ text }) => text.startsWith('✅ BTC LIQUIDATION CASCADE ended'), 30_000);
  t.equal(one.telegram.messages.length, 1);
  t.equal(
    ((await one.metric('alertbridge_alerts_redelivered_total')) ?? 0) +
      ((await other.metric('alertbridge_alerts_redelivered_total')) ?? 0),
    3,
  );
});

t.test(
  'a heartbeat that one bridge hears is known to both; silence is told once, and so is its end',
  { skip },
  async (t) => {
    const [one, other] = await runPair(t);
    const leader = await leaderOf([one, other]);
    const follower = leader === one ? other : one;
    const heard = follower.clock.now();
    await follower.post(webhookOf([heartbeat]));
    await eventually('the leader knows of it', async () => {
      const at = (await leader?.metric('alertbridge_heartbeat_timestamp_seconds')) ?? 0;
      return at * 1_000 > heard - 60_000;
    });
    const notices = (words: string) => one.telegram.messages.filter(({ text }) => text.includes(words)).length;
    await eventually('silence is told', () => notices('detection silent since') === 1);
    await follower.post(webhookOf([heartbeat]));
    await eventually('and its end', () => notices('detection is back') === 1);
    t.equal(one.telegram.messages.length, 2);
  },
);

t.test('somebody who subscribes at one bridge is told by the other', { skip }, async (t) => {
  const [one, other] = await runPair(t);
  const answer = await fetch(`${one.bridge.url}/subscriptions`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ chat: '900' }),
  });
  t.equal(answer.status, 201);
  await one.bridge.stop();
  await other.post(webhookOf([explosion({ startsAt: other.clock.now() })]));
  await one.telegram.waitFor(({ chatId }) => String(chatId) === '900', 30_000);
  t.equal(await other.metric('alertbridge_subscribers'), 2);
});

t.test(
  'while the database is gone webhooks are refused and metrics still served; then it goes on',
  { skip },
  async (t) => {
    const [one] = await runPair(t);
    const postgres = await server();
    await postgres.kill();
    const webhook = webhookOf([cascade({ startsAt: one.clock.now() })]);
    t.equal((await one.post(webhook)).status, 503);
    t.equal(await one.metric('alertbridge_webhooks_rejected_total{reason="outbox_unavailable"}'), 1);
    t.equal(await one.metric('alertbridge_outbox_up'), 0);
    t.equal(await one.metric('alertbridge_outbox_messages{state="pending"}'), undefined);
    t.equal(await one.metric('alertbridge_subscribers'), undefined);
    t.match(await one.read('/health'), /outbox unavailable/);
    await postgres.restart();
    await eventually('webhooks are taken', async () => {
      const fresh = webhookOf([cascade({ startsAt: one.clock.now() })]);
      return (await one.post(fresh)).status === 200;
    });
    await one.telegram.waitFor(({ text }) => text.includes('BTC LIQUIDATION CASCADE'), 30_000);
    t.equal(await one.metric('alertbridge_outbox_up'), 1);
    t.notMatch(one.log() + (await one.read('/metrics')) + (await one.read('/health')), /test-password/);
  },
);
