// A restored outbox sends nothing old, knows what was sent since, and forgets nobody: on outboxes that the bridge wrote.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { openSqliteStore } from '../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { AGED_RANK } from '../../../alert-bridge/outbox/priority.ts';
import type { OutboxStore } from '../../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../../common/brands.ts';
import { mergeOutbox } from '../../../operations/points/merge-outbox.ts';
import { backUpDatabase, inspectDatabase } from '../../../operations/points/sqlite-backup.ts';
import { MARKET, rules, STACK } from '../../alert-bridge/outbox/databases/store-contract.ts';
import { cascade } from '../../alert-bridge/support/alerts.ts';
import { START_MS } from '../../alert-bridge/support/clocks.ts';

const MINUTE = 60_000;
const present = (afterMs: number) => ({ now: epochMs(START_MS + afterMs), wallNow: epochMs(START_MS + afterMs) });
const btc = (afterMs = 0) => cascade({ startsAt: START_MS + afterMs });
const eth = (afterMs = 0) => cascade({ labels: { symbol: 'ETH' }, startsAt: START_MS + afterMs });

function open(path: string, afterMs: number): Promise<OutboxStore> {
  return openSqliteStore({ path, rules: rules(), chats: [MARKET, STACK], now: epochMs(START_MS + afterMs) });
}

async function deliverAll(store: OutboxStore, afterMs: number): Promise<number> {
  const at = epochMs(START_MS + afterMs);
  for (let count = 0; ; count += 1) {
    const delivery = await store.claim([MARKET.key, STACK.key], at, AGED_RANK);
    if (delivery === undefined) return count;
    await store.settle(delivery.id, { type: 'delivered', messageId: delivery.id, text: 'sent' }, at);
  }
}

interface History {
  readonly current: string;
  readonly point: string;
}

/** BTC waits when the point is taken; afterwards it is sent, and ETH comes and is sent too. */
async function writeHistory(t: Test): Promise<History> {
  const folder = t.testdir();
  const [current, point] = [join(folder, 'current.sqlite'), join(folder, 'point.sqlite')];
  const store = await open(current, 0);
  await store.accept([btc()], present(0));
  await backUpDatabase(current, point);
  await deliverAll(store, 1_000);
  await store.accept([eth(MINUTE)], present(MINUTE));
  await deliverAll(store, MINUTE + 1_000);
  await store.close();
  return { current, point };
}

const statesOf = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT state, reason FROM deliveries ORDER BY id').all();
  database.close();
  return rows.map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
};

t.test('what waited at the point and was sent since counts as sent', async (t) => {
  const { current, point } = await writeHistory(t);
  const { expired, takenOver, lost } = mergeOutbox(point, current, epochMs(START_MS + 2 * MINUTE));
  t.same([expired, lost], [0, undefined]);
  t.same(takenOver, { chats: 2, alerts: 1, deliveries: 1 });
  t.same(statesOf(point), ['delivered', 'delivered']);

  const store = await open(point, 2 * MINUTE);
  const summary = await store.accept([btc(), eth(MINUTE)], present(2 * MINUTE));
  t.equal(summary.redelivered, 2, 'Alertmanager sending them again is no news');
  t.equal(await deliverAll(store, 2 * MINUTE), 0, 'and nothing is sent');
  await store.close();
});

t.test('without the present outbox what waited is ended and never sent', async (t) => {
  const { point } = await writeHistory(t);
  const { expired } = mergeOutbox(point, undefined, epochMs(START_MS + 2 * MINUTE));
  t.equal(expired, 1);
  t.same(statesOf(point), ['expired restored']);
  const store = await open(point, 2 * MINUTE);
  t.equal(await deliverAll(store, 2 * MINUTE), 0);
  t.same(await store.living(), [], 'and nothing is asked about any more');
  t.equal((await store.counts()).byState.pending ?? 0, 0, 'the counts agree');
  await store.close();
});

t.test('messages that wait at this moment are ended too: they are older than the restore', async (t) => {
  const { current, point } = await writeHistory(t);
  const store = await open(current, MINUTE);
  await store.accept([cascade({ labels: { symbol: 'SOL' }, startsAt: START_MS + 2 * MINUTE })], present(2 * MINUTE));
  await store.close();
  t.equal(mergeOutbox(point, current, epochMs(START_MS + 3 * MINUTE)).expired, 1);
});

t.test('nobody who subscribed since is lost, and the newer choice wins', async (t) => {
  const { current, point } = await writeHistory(t);
  const subscribe = (path: string, chat: string, lowest: string, at: number) => {
    const database = new DatabaseSync(path);
    database.prepare('INSERT OR IGNORE INTO chats (key, chat_id) VALUES (?, ?)').run(chat, chat);
    database
      .prepare(
        'INSERT OR REPLACE INTO subscriptions (chat, lowest_priority, is_paused, updated_at) VALUES (?, ?, 0, ?)',
      )
      .run(chat, lowest, at);
    database.close();
  };
  subscribe(point, 'removed-since', 'low', 1);
  subscribe(point, 'changed', 'low', 1);
  subscribe(current, 'changed', 'high', 2);
  subscribe(current, 'new', 'medium', 2);
  mergeOutbox(point, current, epochMs(START_MS));
  const database = new DatabaseSync(point, { readOnly: true });
  const rows = database.prepare('SELECT chat, lowest_priority AS lowest FROM subscriptions ORDER BY chat').all();
  database.close();
  t.same(
    rows.map(({ chat, lowest }) => `${chat} ${lowest}`),
    ['changed high', 'new medium', 'removed-since low'],
  );
});

t.test('an outbox of another history gives its people and not its numbers', async (t) => {
  const { current, point } = await writeHistory(t);
  const other = `${current}.other`;
  const store = await open(other, 0);
  await store.accept([eth(5 * MINUTE), cascade({ labels: { symbol: 'SOL' } })], present(5 * MINUTE));
  await store.close();
  const { takenOver, expired } = mergeOutbox(point, other, epochMs(START_MS));
  t.same(Object.keys(takenOver), ['chats']);
  t.equal(expired, 1);
});

t.test('a damaged present outbox is said, and the rest goes on', async (t) => {
  const { current, point } = await writeHistory(t);
  writeFileSync(current, 'not a database at all, but long enough to be looked at'.repeat(200));
  const { expired, lost } = mergeOutbox(point, current, epochMs(START_MS));
  t.equal(expired, 1);
  t.match(lost, /not a database/);
  t.equal(inspectDatabase(point).integrity, 'ok');
});
