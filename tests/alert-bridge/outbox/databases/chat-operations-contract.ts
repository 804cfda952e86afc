// What the stores beside the outbox must do, whatever database they share with it: subscriptions, silences, reactions,
// the track record, the history.
import type { Test } from 'tap';
import { createHistory } from '../../../../alert-bridge/history/sql-history.ts';
import { parseQuietHours } from '../../../../alert-bridge/model/quiet-hours.ts';
import { EVERYTHING, type Subscription } from '../../../../alert-bridge/model/subscription.ts';
import { LOWEST_RANK } from '../../../../alert-bridge/outbox/priority.ts';
import type { Database } from '../../../../alert-bridge/outbox/sql/database.ts';
import type { OutboxStore } from '../../../../alert-bridge/outbox/store.ts';
import { createReactions } from '../../../../alert-bridge/reactions/sql-reactions.ts';
import { createTrack } from '../../../../alert-bridge/scorecard/sql-track.ts';
import { createSilences } from '../../../../alert-bridge/silences/sql-silences.ts';
import { createSubscriptions } from '../../../../alert-bridge/subscriptions/sql-subscriptions.ts';
import { epochMs } from '../../../../common/brands.ts';
import { cascade, stackAlert } from '../../support/alerts.ts';
import { START_MS } from '../../support/clocks.ts';
import { MARKET, STACK } from './store-contract.ts';

export type OpenDatabase = (t: Test) => Promise<{ readonly db: Database; readonly store: OutboxStore }>;

const ADDED = { key: '900', chatId: '900', threadId: undefined };
const at = (afterMs: number) => epochMs(START_MS + afterMs);
const present = (afterMs = 0) => ({ now: at(afterMs), wallNow: at(afterMs) });

async function deliverAll(store: OutboxStore, afterMs: number): Promise<void> {
  const claim = () => store.claim([MARKET.key, STACK.key], at(afterMs), LOWEST_RANK);
  for (let next = await claim(); next; next = await claim()) {
    await store.settle(next.id, { type: 'delivered', messageId: next.id, text: `message ${next.id}` }, at(afterMs));
  }
}

export function testChatOperationsContract(t: Test, open: OpenDatabase): void {
  t.test('a subscription is kept as it was put, changed, and forgotten', async (t) => {
    const { db } = await open(t);
    const subscriptions = createSubscriptions(db, [MARKET]);
    const wish: Subscription = {
      symbols: ['BTC', 'ETH'],
      exceptSymbols: ['SOL'],
      types: ['stack'],
      lowestPriority: 'medium',
      quiet: parseQuietHours('22:00-07:00 Europe/Berlin all'),
      isPaused: true,
    };
    await subscriptions.put(ADDED, wish, at(0));
    t.same(await subscriptions.find(ADDED.key), { chat: ADDED, isConfigured: false, subscription: wish });
    await subscriptions.put(ADDED, EVERYTHING, at(1));
    t.same(
      (await subscriptions.list()).map(({ chat, subscription }) => [chat.key, subscription]),
      [
        [MARKET.key, EVERYTHING],
        [ADDED.key, EVERYTHING],
      ],
    );
    t.equal(await subscriptions.remove(ADDED.key), true);
    t.equal(await subscriptions.remove(ADDED.key), false);
    t.equal(await subscriptions.find(ADDED.key), undefined);
  });

  t.test('a silence is kept until its end, of which its chat is notified once', async (t) => {
    const { db, store } = await open(t);
    const silences = createSilences(db);
    const wish = {
      ...{ alertmanagerId: 'am-1', scope: [{ name: 'symbol', value: 'BTC' }], createdBy: 'Ann', comment: 'lunch' },
      ...{ chat: MARKET.key, startsAt: at(0), endsAt: at(60_000) },
    };
    const kept = await silences.add(wish);
    t.match(await silences.find(kept.id), wish);
    t.same(await silences.open(), [kept]);
    const hidden = (fingerprint: string, name: string) => ({ fingerprint, startsAt: 's', name });
    await silences.hid(kept.id, [hidden('1', 'Large'), hidden('2', 'Cascade'), hidden('3', 'Cascade')]);
    await silences.hid(kept.id, [hidden('3', 'Cascade')]);
    await silences.hid(kept.id, []);
    t.same(await silences.hidden(kept.id), [
      ['Cascade', 2],
      ['Large', 1],
    ]);
    const notice = { text: 'over', chats: [MARKET.key] };
    t.equal(await silences.end(kept.id, notice, at(60_000)), true);
    t.equal(await silences.end(kept.id, notice, at(60_000)), false);
    t.same(await silences.open(), []);
    t.equal((await store.counts()).byState.pending, 1, 'one notice');
    t.equal(await silences.find(12_345), undefined);
  });

  t.test('the first to see an alert is remembered, and the last word of each person counts', async (t) => {
    const { db, store } = await open(t);
    const reactions = createReactions(db);
    await store.accept([cascade()], present());
    const [alert] = await store.living();
    const id = alert?.id ?? 0;
    t.equal((await reactions.findAlert(id))?.facts.symbol, 'BTC');
    t.equal(await reactions.acknowledge(id, 'Ann', at(5_000)), true);
    t.equal(await reactions.acknowledge(id, 'Bob', at(6_000)), false);
    t.equal(await reactions.acknowledge(12_345, 'Bob', at(6_000)), false, 'no such alert');
    t.equal(await reactions.vote(id, 'Ann', 'useful', at(7_000)), undefined);
    t.equal(await reactions.vote(id, 'Ann', 'useless', at(8_000)), 'useful');
    await reactions.vote(id, 'Bob', 'useful', at(8_000));
    t.same(await reactions.of(id), { seenBy: 'Ann', useful: 1, useless: 1 });
    t.same(await reactions.of(12_345), { seenBy: undefined, useful: 0, useless: 0 });
  });

  t.test('what nobody has seen is escalated once, what somebody has seen never', async (t) => {
    const { db, store } = await open(t);
    const reactions = createReactions(db);
    const alerts = ['BTC', 'ETH'].map((symbol) => cascade({ labels: { symbol } }));
    await store.accept(alerts, present());
    await deliverAll(store, 1_000);
    const unseen = await reactions.unseen(at(-1_000), at(1_000));
    t.same(unseen.map(({ facts }) => facts.symbol).toSorted(), ['BTC', 'ETH']);
    const [first, second] = unseen.map(({ id }) => id);
    await reactions.acknowledge(first ?? 0, 'Ann', at(2_000));
    t.equal(await reactions.escalate(first ?? 0, 'look', [STACK], at(3_000)), false);
    t.equal(await reactions.escalate(second ?? 0, 'look', [STACK], at(3_000)), true);
    t.equal(await reactions.escalate(second ?? 0, 'look', [STACK], at(3_000)), false);
    t.same(await reactions.unseen(at(-1_000), at(1_000)), []);
    t.match(await store.claim([STACK.key], at(3_000), LOWEST_RANK), { subject: { text: 'look', alertId: second } });
  });

  t.test('the track record schedules each alert that was sent once, and adds up what came of it', async (t) => {
    const { db, store } = await open(t);
    const track = createTrack(db);
    const reactions = createReactions(db);
    await store.accept([cascade(), stackAlert()], present());
    await track.schedule(at(-1_000));
    t.same(await track.due(at(3_700_000), 10), [], 'nobody was notified yet');
    await deliverAll(store, 1_000);
    await track.schedule(at(-1_000));
    await track.schedule(at(-1_000));
    const due = await track.due(at(3_700_000), 10);
    t.same(
      due.map(({ horizon }) => horizon),
      [1, 5, 15, 60],
    );
    t.match(due[0], { kind: 'cascade', symbol: 'BTC', eventAt: START_MS, notifiedAt: START_MS + 1_000 });
    const [first, second] = due;
    if (first === undefined || second === undefined) return;
    await track.record(first, -0.0125);
    await track.record(second, undefined);
    await track.recordLead(first.alertId, 40_000.4);
    await track.recordLead(first.alertId, undefined);
    await reactions.acknowledge(first.alertId, 'Ann', at(9_000));
    await reactions.vote(first.alertId, 'Ann', 'useful', at(9_000));
    t.equal((await track.due(at(3_700_000), 10)).length, 2);
    t.same(await track.samples(at(-1_000)), {
      moves: [{ kind: 'cascade', horizon: 1, ratio: -0.0125 }],
      leads: [{ kind: 'cascade', leadMs: undefined }],
      ...{ useful: 1, useless: 0, acknowledgedAfterMs: [9_000], told: 2 },
    });
  });

  t.test('the history is read newest first, by symbol, page by page, with all that came of an alert', async (t) => {
    const { db, store } = await open(t);
    const history = createHistory(db);
    const symbols = ['BTC', 'ETH', 'BTC', 'SOL'];
    for (const [index, symbol] of symbols.entries()) {
      await store.accept([cascade({ labels: { symbol, tier: String(4 ** index) } })], present(index));
    }
    await deliverAll(store, 10);
    await store.accept([cascade({ labels: { symbol: 'XRP' }, startsAt: at(-200_000) })], present(20));
    const read = (change: object) =>
      history.read({ symbol: undefined, limit: 10, before: undefined, isNotifiedOnly: false, ...change });
    const everything = await read({});
    t.same(
      everything.map(({ symbol }) => symbol),
      ['XRP', 'SOL', 'BTC', 'ETH', 'BTC'],
    );
    t.equal((await read({ isNotifiedOnly: true })).length, 4, 'nobody was notified of what came too late');
    const [newest] = await read({ symbol: 'BTC', limit: 1 });
    t.match(newest, { tier: 16, deliveries: [{ chat: MARKET.key, state: 'delivered' }], useful: 0, priceMoves: {} });
    const [older] = await read({ symbol: 'BTC', before: newest?.id, isNotifiedOnly: true });
    t.match(older, { tier: 1, figures: { notional_usd: '1200000' }, seen: undefined });
  });
}
