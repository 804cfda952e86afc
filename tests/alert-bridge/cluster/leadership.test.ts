// One bridge leads: it answers commands and says what is to be said once. Killed, hung or cut off, another takes over.
import { Client } from 'pg';
import t, { type Test } from 'tap';
import { startLeadership } from '../../../alert-bridge/cluster/leadership.ts';
import { lockKey } from '../../../alert-bridge/outbox/databases/postgres/locks.ts';
import { createSystemClock } from '../../../common/clock.ts';
import { createLogger } from '../../../common/logger.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { postgresMissing } from '../../runner/postgres.ts';
import { sharedServer } from '../outbox/databases/postgres/open-postgres.ts';
import { cascade, webhookOf } from '../support/alerts.ts';
import { type BridgeProcess, eventually, startBridgeProcess } from './bridge-process.ts';

t.setTimeout(240_000);

const skip = await postgresMissing();
const server = sharedServer(t);

async function startPair(t: Test, telegram: TelegramSimulator): Promise<readonly [BridgeProcess, BridgeProcess]> {
  t.teardown(() => telegram.close());
  const databaseUrl = await (await server()).createDatabase();
  const environment = { TELEGRAM_COMMANDS: 'polling', TELEGRAM_ADMIN_IDS: '100' };
  const start = () => startBridgeProcess(t, { databaseUrl, telegramUrl: telegram.url, environment });
  const leader = await start();
  await eventually('the first leads', async () => (await leader.metric('alertbridge_leader')) === 1);
  const follower = await start();
  await eventually('they know of each other', async () => (await leader.metric('alertbridge_bridges')) === 2);
  await eventually('the other knows that commands are answered', async () => isAnswered(await follower.health()));
  return [leader, follower];
}

const isAnswered = (health: Readonly<Record<string, unknown>>) => health.areCommandsAnswered === true;
const answersTo = (telegram: TelegramSimulator, words: RegExp) =>
  telegram.messages.filter(({ texts }) => words.test(texts[0] ?? '')).length;

t.test('commands are answered by one; when it is killed, by the other', { skip }, async (t) => {
  const telegram = await startTelegramSimulator();
  const [leader, follower] = await startPair(t, telegram);
  telegram.say(100, '/help');
  await eventually('an answer', () => answersTo(telegram, /\/subscribe/) === 1);
  t.equal(await follower.metric('alertbridge_leader'), 0);
  t.match(await follower.health(), { store: 'postgres', isLeader: false, bridges: 2 });
  await leader.kill();
  const killedAt = performance.now();
  telegram.say(100, '/help');
  await eventually('the other answers', () => answersTo(telegram, /\/subscribe/) === 2);
  t.comment(`taken over after ${Math.round(performance.now() - killedAt)} ms`);
  await eventually('it knows that it is alone', async () => (await follower.metric('alertbridge_bridges')) === 1);
  t.equal(answersTo(telegram, /\/subscribe/), 2);
  t.match(follower.log(), /this bridge leads now/);
});

t.test('a leader that hangs is replaced, and says nothing twice when it comes back', { skip }, async (t) => {
  const telegram = await startTelegramSimulator();
  const [leader, follower] = await startPair(t, telegram);
  process.kill(leader.pid, 'SIGSTOP');
  await eventually('the other leads', async () => (await follower.metric('alertbridge_leader')) === 1);
  telegram.say(100, '/help');
  await eventually('the other answers', () => answersTo(telegram, /\/subscribe/) === 1);
  process.kill(leader.pid, 'SIGCONT');
  await eventually('it knows its place', async () => (await leader.metric('alertbridge_leader')) === 0);
  telegram.say(100, '/status');
  await eventually('one answer', () => answersTo(telegram, /heartbeat/i) === 1);
  t.equal(answersTo(telegram, /\/subscribe/), 1);
  t.equal(await leader.metric('alertbridge_commands_conflict'), 0);
});

t.test('buttons stand under messages that the follower sends, since somebody hears them', { skip }, async (t) => {
  const telegram = await startTelegramSimulator();
  const [leader, follower] = await startPair(t, telegram);
  t.equal(await follower.post(webhookOf([cascade({ startsAt: Date.now() })])), 200);
  const message = await telegram.waitFor(({ texts }) => texts[0]?.includes('CASCADE') === true, 30_000);
  t.match(JSON.stringify(message), /callback_data/);
  await leader.stop();
  await eventually('a stop hands over at once', async () => (await follower.metric('alertbridge_leader')) === 1);
});

t.test('while a stranger holds the lock nobody leads, and the metrics say so', { skip }, async (t) => {
  const telegram = await startTelegramSimulator();
  t.teardown(() => telegram.close());
  const databaseUrl = await (await server()).createDatabase();
  const stranger = new Client({ connectionString: databaseUrl });
  await stranger.connect();
  let isThere = true;
  const leave = async () => {
    if (isThere) await stranger.end();
    isThere = false;
  };
  t.teardown(leave);
  await stranger.query(`SELECT pg_advisory_lock(${lockKey('lead')})`);
  const bridge = await startBridgeProcess(t, { databaseUrl, telegramUrl: telegram.url });
  await eventually('it was refused the lock', async () => {
    const asked = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'alert-bridge leadership'
      AND datname = current_database() AND state = 'idle' AND query LIKE '%pg_try_advisory_lock%'`;
    return (await stranger.query(asked)).rows.length > 0;
  });
  t.equal(await bridge.metric('alertbridge_leader'), 0);
  t.equal(await bridge.metric('alertbridge_outbox_up'), 1);
  await leave();
  await eventually('it leads', async () => (await bridge.metric('alertbridge_leader')) === 1);
});

t.test('a bridge without its database leads nothing, and leads again when it is back', { skip }, async (t) => {
  const postgres = await server();
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  const options = { url: await postgres.createDatabase(), clock: createSystemClock(), logger };
  const one = startLeadership(options);
  t.teardown(() => one.stop());
  await eventually('it leads', () => one.isLeader());
  const other = startLeadership(options);
  t.teardown(() => other.stop());
  await postgres.kill();
  await eventually('nobody leads', () => !one.isLeader() && !other.isLeader());
  await postgres.restart();
  await eventually('one leads', () => one.isLeader() !== other.isLeader());
  const [first, second] = one.isLeader() ? [one, other] : [other, one];
  await first.stop();
  t.equal(first.isLeader(), false);
  await eventually('the other leads', () => second.isLeader());
  t.notMatch(lines.join(''), /test-password/);
});
