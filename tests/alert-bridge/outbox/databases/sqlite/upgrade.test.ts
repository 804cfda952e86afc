// An outbox that an earlier version left behind, opened by this one: what waited is sent once, what was sent is not sent
// again, and what people chose and did reads the same.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { createHistory } from '../../../../../alert-bridge/history/sql-history.ts';
import { formatQuietHours } from '../../../../../alert-bridge/model/quiet-hours.ts';
import { SQLITE_MIGRATIONS } from '../../../../../alert-bridge/outbox/databases/migrations.ts';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { LOWEST_RANK } from '../../../../../alert-bridge/outbox/priority.ts';
import type { OutboxStore } from '../../../../../alert-bridge/outbox/store.ts';
import { createReactions } from '../../../../../alert-bridge/reactions/sql-reactions.ts';
import { createTrack } from '../../../../../alert-bridge/scorecard/sql-track.ts';
import { createSilences } from '../../../../../alert-bridge/silences/sql-silences.ts';
import { createSubscriptions } from '../../../../../alert-bridge/subscriptions/sql-subscriptions.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { cascade, resolved, stackAlert } from '../../../support/alerts.ts';
import { START_MS } from '../../../support/clocks.ts';
import { MARKET, rules, STACK } from '../store-contract.ts';

const LEFT_BEHIND = readFileSync(join(import.meta.dirname, 'outbox-schema-3.sql'), 'utf8');
const KEYS = [MARKET.key, STACK.key, '900', '901'];
const at = (afterMs: number) => epochMs(START_MS + afterMs);
const MINUTE = 60_000;

function writeOld(t: Test): string {
  const path = join(t.testdir(), 'bridge', 'outbox.sqlite');
  mkdirSync(dirname(path));
  const old = new DatabaseSync(path);
  old.exec(LEFT_BEHIND);
  old.close();
  return path;
}

async function open(t: Test, path: string, afterMs = MINUTE) {
  const db = openConnection(path);
  t.teardown(() => db.close().catch(() => {}));
  return { db, store: await createSqliteStore(db, { rules: rules(), chats: [MARKET, STACK], now: at(afterMs) }) };
}

/** Delivers everything that is due; returns what left: to which chat, what, about what, and whether it is marked as sent again. */
async function drain(store: OutboxStore, afterMs: number): Promise<readonly unknown[]> {
  const left: unknown[] = [];
  const claim = () => store.claim(KEYS, at(afterMs), LOWEST_RANK);
  for (let next = await claim(); next; next = await claim()) {
    const { chat, phase, subject, isResend, target } = next;
    const about = subject.type === 'notice' ? subject.text : subject.type === 'alert' && subject.alert.facts.symbol;
    left.push([chat.chatId, phase, about, isResend ? 'again' : (target?.messageId ?? 'new')]);
    const messageId = target?.messageId ?? 900 + next.id;
    await store.settle(next.id, { type: 'delivered', messageId, text: 'sent' }, at(afterMs));
  }
  return left;
}

t.test('what waited is sent once, and nothing that was sent is sent again', async (t) => {
  const path = writeOld(t);
  const { db, store } = await open(t, path);
  t.equal(store.recovered, 1, 'the one that was under way');
  t.same(await drain(store, MINUTE), [
    ['-1002', 'notice', 'the silence of DOGE has ended', 'new'],
    ['-1002', 'notice', 'nobody has seen FeedDown', 'new'],
    ['100', 'firing', 'LINK', 'again'],
    ['100', 'firing', 'ADA', 'new'],
    ['100', 'update', 'BTC', 501],
    ['900', 'update', 'BTC', 502],
  ]);
  t.same(
    (await store.counts()).byState,
    { pending: 0, claimed: 0, delivered: 13, suppressed: 9, expired: 1, dead: 1, unknown: 1 },
    'whoever failed or was held back stays so',
  );
  const present = { now: at(MINUTE), wallNow: at(MINUTE) };
  const known = [cascade(), resolved(cascade(), START_MS + 14_000), stackAlert()];
  t.match(await store.accept(known, present), { fresh: 0, redelivered: 3 });
  await db.close();

  const again = await open(t, path, 2 * MINUTE);
  t.equal(again.store.recovered, 0);
  t.same(await drain(again.store, 2 * MINUTE), []);
});

t.test('an alert that the old version began ends in its messages', async (t) => {
  const { store } = await open(t, writeOld(t));
  await drain(store, MINUTE);
  const second = cascade({ startsAt: START_MS + 23_000 });
  const present = { now: at(2 * MINUTE), wallNow: at(2 * MINUTE) };
  t.match(await store.accept([resolved(second, START_MS + 100_000)], present), { fresh: 1 });
  t.same(await drain(store, 2 * MINUTE), [
    ['100', 'resolved', 'BTC', 501],
    ['900', 'resolved', 'BTC', 502],
  ]);
});

t.test('chats, subscriptions and silences read the same', async (t) => {
  const { db, store } = await open(t, writeOld(t));
  t.same(
    (await store.chats()).map(({ address, pausedReason }) => [address.key, address.chatId, pausedReason]),
    [
      ['100', '100', undefined],
      ['-200/7', '-1002', undefined],
      ['900', '900', undefined],
      ['901', '901', 'forbidden'],
    ],
  );
  const wanted = (await createSubscriptions(db, [MARKET, STACK]).list()).map(({ chat, subscription }) => [
    chat.chatId,
    subscription.symbols,
    subscription.exceptSymbols,
    subscription.lowestPriority,
    subscription.quiet && formatQuietHours(subscription.quiet),
  ]);
  t.same(wanted, [
    ['100', undefined, [], 'low', undefined],
    ['-1002', undefined, [], 'low', undefined],
    ['900', ['BTC'], [], 'medium', '22:00-07:00 Europe/Berlin'],
    ['901', undefined, ['DOGE'], 'low', undefined],
  ]);
  const silences = createSilences(db);
  t.same(await silences.open(), [
    {
      ...{ id: 2, alertmanagerId: 'am-2', scope: [{ name: 'alertname', value: 'FeedDown' }], createdBy: 'Bob' },
      ...{ comment: 'repair', chat: STACK.key, startsAt: at(0), endsAt: at(60 * MINUTE) },
    },
  ]);
  t.same(await silences.hidden(1), [['LargeLiquidation', 2]]);
});

t.test('history, reactions and track record read the same', async (t) => {
  const { db } = await open(t, writeOld(t));
  const query = { symbol: undefined, limit: 50, before: undefined, isNotifiedOnly: false };
  const history = await createHistory(db).read(query);
  const states = history.map(({ id, symbol, status, deliveries }) => [
    ...[id, symbol, status],
    deliveries.map(({ chat, state, reason }) => `${chat} ${reason ?? state}`).join(', '),
  ]);
  t.same(states, [
    [9, 'ADA', 'firing', '100 pending, 900 not_subscribed'],
    [8, 'LINK', 'firing', '100 recovered, 900 not_subscribed'],
    [7, 'BTC', 'firing', '100 duplicate, 900 duplicate'],
    [6, 'ETH', 'firing', '100 muted, 900 not_subscribed'],
    [5, 'XRP', 'firing', '100 expired, 900 not_subscribed'],
    [4, 'SOL', 'firing', '100 bad_request, 900 not_subscribed'],
    [3, 'ETH', 'firing', '100 timeout, 900 not_subscribed'],
    [2, undefined, 'firing', '-200/7 delivered'],
    [1, 'BTC', 'resolved', '100 delivered, 900 delivered, 100 delivered, 900 delivered'],
  ]);
  t.match(history.at(-1), {
    figures: { notional_usd: '1900000' },
    seen: { by: 'Ann', afterMs: 8_000 },
    ...{ useful: 1, useless: 1, priceMoves: { 1: -0.0125 } },
    deliveries: [{ text: 'message 501', tookMs: 1_000 }],
  });
  t.same(await createReactions(db).of(1), { seenBy: 'Ann', useful: 1, useless: 1 });
  const track = createTrack(db);
  t.same(await track.samples(START_MS - 1), {
    moves: [{ kind: 'cascade', horizon: 1, ratio: -0.0125 }],
    leads: [{ kind: 'cascade', leadMs: 40_000 }],
    ...{ useful: 1, useless: 1, acknowledgedAfterMs: [8_000], told: 2 },
  });
  const due = await track.due(at(61 * MINUTE), 10);
  t.same(
    due.map(({ horizon }) => horizon),
    [15, 60],
    'what is still to be looked up',
  );
});

/** Tables, indices and triggers of a database, without the spaces and comments of their text. */
function schemaOf(database: DatabaseSync): readonly unknown[] {
  const rows = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all();
  return rows.map(({ name, sql }) => [name, String(sql).replaceAll(/--.*/g, '').replaceAll(/\s+/g, ' ')]);
}

t.test('the migrations make what that version had, and bring its file to what a fresh one has', async (t) => {
  const old = new DatabaseSync(':memory:');
  old.exec(LEFT_BEHIND);
  const remade = new DatabaseSync(':memory:');
  for (const migration of SQLITE_MIGRATIONS.slice(0, 3)) remade.exec(migration);
  const isRecord = (row: unknown) => Array.isArray(row) && row[0] === 'schema_compatibility';
  t.same(
    schemaOf(remade),
    schemaOf(old).filter((row) => !isRecord(row)),
  );

  const path = writeOld(t);
  await openConnection(path).close();
  const fresh = join(t.testdirName, 'fresh.sqlite');
  await openConnection(fresh).close();
  const [upgraded, made] = [path, fresh].map((file) => new DatabaseSync(file, { readOnly: true }));
  if (upgraded === undefined || made === undefined) return;
  t.same(schemaOf(upgraded), schemaOf(made));
  t.equal(upgraded.prepare('PRAGMA user_version').get()?.user_version, SQLITE_MIGRATIONS.length);
  t.equal(upgraded.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  t.same(upgraded.prepare('PRAGMA foreign_key_check').all(), []);
});
