// Telegram's limits, kept by two bridges together: the slots of both lie in the database.
import t, { type Test } from 'tap';
import type { PostgresStore } from '../../../../../alert-bridge/outbox/databases/postgres/store.ts';
import { LOWEST_RANK, type Rank } from '../../../../../alert-bridge/outbox/priority.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { postgresMissing } from '../../../../runner/postgres.ts';
import { cascade } from '../../../support/alerts.ts';
import { START_MS } from '../../../support/clocks.ts';
import { rules } from '../store-contract.ts';
import { openBridge, openSession, sharedServer, untilSomebodyWaits } from './open-postgres.ts';

t.setTimeout(180_000);

const skip = await postgresMissing();
const server = sharedServer(t);

const at = (afterMs: number) => epochMs(START_MS + afterMs);
const present = { now: at(0), wallNow: at(0) };
const chat = (chatId: string, threadId?: number) => ({
  key: threadId === undefined ? chatId : `${chatId}/${threadId}`,
  chatId,
  threadId,
});
const QUOTA = { maxMarketPerHour: 1_000, rateLimitMs: 0 };

/** Two paced bridges, each with everything that waits for these chats. */
async function openPair(t: Test, chats: readonly ReturnType<typeof chat>[], symbols: readonly string[]) {
  const url = await (await server()).createDatabase();
  const wishes = { rules: rules({ chatsFor: () => chats, quota: QUOTA }), chats, isPaced: true };
  const [one, other] = [await openBridge(t, url, wishes), await openBridge(t, url, wishes)];
  await one.store.accept(
    symbols.map((symbol) => cascade({ labels: { symbol } })),
    present,
  );
  const keys = chats.map(({ key }) => key);
  const claim = ({ store }: { readonly store: PostgresStore }, rank: Rank = LOWEST_RANK) =>
    store.claim(keys, at(0), rank);
  const settle = async ({ store }: { readonly store: PostgresStore }, id: number | undefined) =>
    store.settle(id ?? 0, { type: 'delivered', messageId: 1, text: 'x' }, at(0));
  /** The database's clock goes on, as far as the record shows. */
  const pass = (ms: number) =>
    one.db.commit((sql) =>
      sql.all(
        `UPDATE pace SET last_at = last_at - ?, closed_until = closed_until - ?, slowed_at = slowed_at - ?,
           recent = COALESCE((SELECT jsonb_agg(value::bigint - ?::bigint) FROM jsonb_array_elements_text(recent::jsonb)), '[]')::text`,
        ...[ms, ms, ms, ms],
      ),
    );
  return { one, other, claim, settle, pass, url };
}

t.test('one message a second to a chat, whichever bridge sends it, and one at a time', { skip }, async (t) => {
  const { one, other, claim, settle, pass } = await openPair(t, [chat('1')], ['BTC', 'ETH', 'SOL']);
  const first = await claim(one);
  t.ok(first);
  await pass(60_000);
  t.equal(await claim(other), undefined, 'the answer to the first is still awaited');
  await settle(one, first?.id);
  t.equal(await claim(other), undefined, 'the second counts from the answer');
  await pass(1_005);
  t.ok(await claim(other));
});

t.test('topics of one group share its limits', { skip }, async (t) => {
  const { one, other, claim } = await openPair(t, [chat('-5', 1), chat('-5', 2)], ['BTC']);
  t.ok(await claim(one));
  t.equal(await claim(other), undefined);
});

t.test('a group gets twenty a minute from both together, four of them kept for high priority', { skip }, async (t) => {
  const symbols = Array.from({ length: 30 }, (_, index) => `S${index}`);
  const { one, other, claim, settle, pass } = await openPair(t, [chat('-5')], symbols);
  let sent = 0;
  for (let turn = 0; turn < 24; turn += 1) {
    const bridge = turn % 2 === 0 ? one : other;
    const delivery = await claim(bridge);
    if (delivery) {
      sent += 1;
      await settle(bridge, delivery.id);
    }
    await pass(1_100);
  }
  t.equal(sent, 20);
  await pass(40_000);
  t.ok(await claim(one), 'and again when the first have passed');
});

t.test('what a pace keeps for high priority is open to nothing else', { skip }, async (t) => {
  const { one, other, claim, settle, pass } = await openPair(t, [chat('-5')], []);
  await one.store.accept(
    Array.from({ length: 20 }, (_, index) => cascade({ labels: { symbol: `L${index}`, priority: 'medium' } })),
    present,
  );
  let sent = 0;
  for (let turn = 0; turn < 18; turn += 1) {
    const delivery = await claim(one);
    if (delivery) {
      sent += 1;
      await settle(one, delivery.id);
    }
    await pass(1_100);
  }
  t.equal(sent, 16);
  await other.store.accept([cascade()], present);
  t.match(await claim(other), { priority: 'high' });
});

t.test('thirty a second in all, from both together', { skip }, async (t) => {
  const chats = Array.from({ length: 40 }, (_, index) => chat(String(index + 1)));
  const { one, other, claim } = await openPair(t, chats, ['BTC']);
  // The record as it stands after thirty claims of this very moment.
  const now = Number((await one.db.read((sql) => sql.get('SELECT database_now() AS now')))?.now) + 3_600_000;
  const recent = JSON.stringify(Array.from({ length: 30 }, () => now));
  await one.db.commit((sql) => sql.all(`UPDATE pace SET recent = ? WHERE chat_id = ''`, recent));
  t.equal(await claim(other), undefined);
  await one.db.commit((sql) =>
    sql.all(`UPDATE pace SET recent = ? WHERE chat_id = ''`, JSON.stringify(JSON.parse(recent).slice(1))),
  );
  t.ok(await claim(other), 'the thirtieth');
  t.equal(await claim(one), undefined);
});

t.test('a claim waits for another that is being made, and counts its slot', { skip }, async (t) => {
  const { one, claim, url } = await openPair(t, [chat('1')], ['BTC']);
  const session = await openSession(t, url);
  await session.query(`BEGIN; SELECT * FROM pace WHERE chat_id = '' FOR UPDATE`);
  const claiming = claim(one);
  await untilSomebodyWaits(session);
  const soon = 'database_now() + 3600000';
  await session.query(`INSERT INTO pace VALUES ('1', ${soon}, 0, '[]', 1, 0); COMMIT`);
  t.equal(await claiming, undefined);
});

t.test('retry_after closes the chat for both bridges, and slows them down', { skip }, async (t) => {
  const { one, other, claim, pass } = await openPair(t, [chat('1'), chat('2')], ['BTC', 'ETH']);
  const refused = await one.store.claim(['1'], at(0), LOWEST_RANK);
  await one.store.settle(
    refused?.id ?? 0,
    { type: 'retry', dueAt: at(30_000), isAttempt: false, reason: 'rate_limited' },
    at(0),
  );
  await pass(20_000);
  t.equal(await other.store.claim(['1'], at(60_000), LOWEST_RANK), undefined, 'still closed');
  t.ok((other.store.pace()?.overall.slowdown ?? 1) > 1);
  await pass(10_100);
  t.ok(await other.store.claim(['1'], at(60_000), LOWEST_RANK));
  t.ok(await claim(one), 'the other chat was open all the time');
});

t.test('an answer to a command counts against the same limits', { skip }, async (t) => {
  const { one, other, claim } = await openPair(t, [chat('1')], ['BTC']);
  await one.store.takeSlot(chat('1'));
  t.equal(await claim(other), undefined);
});

t.test('the terminal takes whatever comes', { skip }, async (t) => {
  const { one, claim, settle } = await openPair(t, [chat('terminal')], ['BTC', 'ETH']);
  for (let turn = 0; turn < 2; turn += 1) {
    const delivery = await claim(one);
    t.ok(delivery);
    await settle(one, delivery?.id);
  }
});
