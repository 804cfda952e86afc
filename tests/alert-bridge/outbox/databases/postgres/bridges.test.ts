// Several bridges on one database: what one of them decides, claims or lets lapse, as the others see it.
import t from 'tap';
import type { PostgresStore } from '../../../../../alert-bridge/outbox/databases/postgres/store.ts';
import type { Delivery } from '../../../../../alert-bridge/outbox/delivery.ts';
import { LOWEST_RANK } from '../../../../../alert-bridge/outbox/priority.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { postgresMissing } from '../../../../runner/postgres.ts';
import { cascade, stackAlert } from '../../../support/alerts.ts';
import { START_MS } from '../../../support/clocks.ts';
import { MARKET, rules, STACK } from '../store-contract.ts';
import { LEASE_MS, openBridge, openSession, sharedServer } from './open-postgres.ts';

t.setTimeout(180_000);

const skip = await postgresMissing();
const server = sharedServer(t);
const freshUrl = async () => (await server()).createDatabase();

const at = (afterMs: number) => epochMs(START_MS + afterMs);
const present = { now: at(0), wallNow: at(0) };
const KEYS = [MARKET.key, STACK.key];
const claim = (store: PostgresStore, keys: readonly string[] = KEYS) => store.claim(keys, at(0), LOWEST_RANK);
const delivered = (messageId: number) => ({ type: 'delivered', messageId, text: 'x' }) as const;
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => cascade({ labels: { symbol: `S${index}` } }));

t.test('the same alert sent to two bridges at once is new to one of them', { skip }, async (t) => {
  const url = await freshUrl();
  const [one, other] = [await openBridge(t, url), await openBridge(t, url)];
  const alerts = many(20);
  const summaries = await Promise.all([one, other, one, other].map(({ store }) => store.accept(alerts, present)));
  t.equal(
    summaries.reduce((sum, { fresh }) => sum + fresh, 0),
    20,
  );
  t.equal((await one.store.counts()).byState.pending + (await one.store.counts()).byState.suppressed, 21);
});

t.test('what two bridges claim at once, each delivery is claimed by one of them', { skip }, async (t) => {
  const chats = Array.from({ length: 30 }, (_, index) => ({
    key: `${index + 1}`,
    chatId: `${index + 1}`,
    threadId: undefined,
  }));
  const url = await freshUrl();
  const wishes = { rules: rules({ chatsFor: () => chats }), chats };
  const bridges = [
    await openBridge(t, url, wishes),
    await openBridge(t, url, wishes),
    await openBridge(t, url, wishes),
  ];
  await bridges[0]?.store.accept([cascade()], present);
  const claimed: Delivery[] = [];
  await Promise.all(
    bridges.map(async ({ store }) => {
      const keys = chats.map(({ key }) => key);
      for (let next = await claim(store, keys); next; next = await claim(store, keys)) claimed.push(next);
    }),
  );
  t.equal(claimed.length, 30);
  t.equal(new Set(claimed.map(({ id }) => id)).size, 30);
});

t.test('a claim belongs to its bridge: nobody else ends it', { skip }, async (t) => {
  const url = await freshUrl();
  const [one, other] = [await openBridge(t, url), await openBridge(t, url)];
  await one.store.accept([cascade()], present);
  const delivery = await claim(one.store);
  await t.rejects(other.store.settle(delivery?.id ?? 0, delivered(1), at(1)), { code: 'OUTBOX_CONFLICT' });
  await one.store.settle(delivery?.id ?? 0, delivered(1), at(1));
  t.equal((await other.store.recent(1))[0]?.state, 'delivered');
});

t.test(
  'a bridge whose lease has run out loses its claims, and claims nothing until it has renewed',
  { skip },
  async (t) => {
    const url = await freshUrl();
    const silent = await openBridge(t, url, { leaseMs: 1 });
    const heir = await openBridge(t, url);
    const other = await openBridge(t, url);
    await heir.store.accept([cascade(), stackAlert()], present);
    t.equal(await claim(silent.store), undefined, 'no lease, no claim');
    const lost = await claim(heir.store, [MARKET.key]);
    await heir.db.commit((sql) => sql.all('UPDATE bridges SET lease_until = 0 WHERE id = ?', heir.store.id()));
    t.equal(await other.store.recover(at(0)), 0, 'one that has just come gives the others the time of a lease');
    other.clock.advance(LEASE_MS);
    t.equal(await other.store.recover(at(0)), 1);
    t.match(await claim(other.store, [MARKET.key]), { id: lost?.id, isResend: true });
    await t.rejects(heir.store.settle(lost?.id ?? 0, delivered(1), at(1)), { code: 'OUTBOX_CONFLICT' });
    await heir.store.recover(at(0));
    t.ok(await claim(heir.store, [STACK.key]), 'renewed, it works on');
  },
);

t.test('a bridge that was cut off itself counts nobody as dead before the time of a lease', { skip }, async (t) => {
  const url = await freshUrl();
  const [one, other] = [await openBridge(t, url), await openBridge(t, url)];
  await one.store.accept([cascade()], present);
  await claim(one.store);
  await one.db.commit((sql) => sql.all('UPDATE bridges SET lease_until = 0 WHERE id = ?', one.store.id()));
  t.equal(other.store.isAlive(), true);
  other.clock.advance(10 * LEASE_MS);
  t.equal(other.store.isAlive(), false, 'it knows that it was not heard of');
  t.equal(await other.store.recover(at(0)), 0);
  t.equal(other.store.isAlive(), true);
  other.clock.advance(LEASE_MS);
  t.equal(await other.store.recover(at(0)), 1);
});

t.test('a bridge that was buried meanwhile joins anew', { skip }, async (t) => {
  const { store, db } = await openBridge(t, await freshUrl());
  const before = store.id();
  await db.commit((sql) => sql.all('DELETE FROM bridges'));
  await store.recover(at(0));
  t.not(store.id(), before);
  t.equal(store.peers().bridges, 1);
});

t.test('bridges let each other know when they heard the heartbeat, and who answers commands', { skip }, async (t) => {
  const url = await freshUrl();
  const one = await openBridge(t, url, {
    peerStatus: () => ({ heardAgoMs: 1_500, isListening: true, isLeading: true }),
  });
  const other = await openBridge(t, url);
  await one.store.recover(at(0));
  await other.store.recover(at(0));
  t.match(one.store.peers(), { isLedByOther: false });
  const { bridges, heardAt = 0, isListening, isLedByOther } = other.store.peers();
  const now = Number((await other.db.read((sql) => sql.get('SELECT database_now() AS now')))?.now);
  t.match({ bridges, isListening, isLedByOther }, { bridges: 2, isListening: true, isLedByOther: true });
  t.ok(heardAt <= now - 1_500 && heardAt > now - 60_000, `${now - heardAt} ms ago`);
  await one.close();
  await other.store.recover(at(0));
  t.match(other.store.peers(), { bridges: 1, isListening: false, isLedByOther: false });
});

t.test('the counts of states stay true over many changes, and over adding them up', { skip }, async (t) => {
  const { store, clock, db } = await openBridge(t, await freshUrl());
  await store.accept([...many(12), stackAlert()], present);
  for (let next = await claim(store); next; next = await claim(store)) await store.settle(next.id, delivered(1), at(1));
  const before = await store.counts();
  clock.advance(6_000);
  await store.recover(at(0));
  const rows = await db.read((sql) => sql.all('SELECT state FROM state_counts'));
  t.ok(rows.length <= 7, `${rows.length} rows`);
  t.same(await store.counts(), before);
  t.equal(before.byState.delivered, 12);
});

t.test('what somebody is just changing is passed over, not waited for', { skip }, async (t) => {
  const url = await freshUrl();
  const { store } = await openBridge(t, url);
  await store.accept([cascade(), stackAlert()], present);
  const session = await openSession(t, url);
  await session.query(`BEGIN; UPDATE deliveries SET state = 'suppressed' WHERE chat = '${MARKET.key}'`);
  t.equal((await claim(store))?.chat.key, STACK.key);
  t.equal(await claim(store), undefined);
  await session.query('ROLLBACK');
  t.equal((await claim(store))?.chat.key, MARKET.key);
});

t.test('low that waits moves up for all bridges', { skip }, async (t) => {
  const url = await freshUrl();
  const [one, other] = [await openBridge(t, url), await openBridge(t, url)];
  const alert = (priority: string, exchange: string) => stackAlert({ labels: { priority, exchange } });
  await one.store.accept([alert('low', 'a')], present);
  await one.store.accept([alert('medium', 'b')], { now: at(61_000), wallNow: at(61_000) });
  t.match(await other.store.claim(KEYS, at(61_000), LOWEST_RANK), { priority: 'low' });
});
