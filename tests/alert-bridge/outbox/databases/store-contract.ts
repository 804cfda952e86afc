// What every outbox must do, whatever it is built on. A store's own test file runs this against it.
import type { Test } from 'tap';
import type { Alert } from '../../../../alert-bridge/model/alert.ts';
import type { Delivery, Settlement } from '../../../../alert-bridge/outbox/delivery.ts';
import { LOWEST_RANK } from '../../../../alert-bridge/outbox/priority.ts';
import type { OutboxRules, OutboxStore } from '../../../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../../../common/brands.ts';
import { cascade, collapse, explosion, largeLiquidation, resolved, stackAlert } from '../../support/alerts.ts';
import { START_MS } from '../../support/clocks.ts';

export interface OpenedStore {
  readonly store: OutboxStore;
  /** Closes and opens the same outbox again, `afterMs` after the start; claims are left as a crash would leave them. */
  reopen(afterMs: number): Promise<OpenedStore>;
}

export type OpenStore = (t: Test, rules: OutboxRules) => Promise<OpenedStore>;

export const MARKET = { key: '100', chatId: '100', threadId: undefined };
export const STACK = { key: '-200/7', chatId: '-200', threadId: 7 };
const KEYS = [MARKET.key, STACK.key];

export function rules(change: Partial<OutboxRules> = {}): OutboxRules {
  return {
    chatsFor: (category) => (category === 'stack' ? [STACK] : [MARKET]),
    isEnabled: () => true,
    dedupMs: 300_000,
    quota: { maxMarketPerHour: 10, rateLimitMs: 60_000 },
    maxWaiting: 1_000,
    retentionMs: 90 * 86_400_000,
    ...change,
  };
}

const at = (afterMs: number) => epochMs(START_MS + afterMs);
const present = (afterMs: number) => ({ now: at(afterMs), wallNow: at(afterMs) });
const claim = (store: OutboxStore, afterMs: number) => store.claim(KEYS, at(afterMs), LOWEST_RANK);
const delivered = (messageId: number): Settlement => ({ type: 'delivered', messageId, text: `message ${messageId}` });

/** Delivers everything that is due; returns what left, in order. */
async function drain(store: OutboxStore, afterMs: number, firstId = 1): Promise<readonly Delivery[]> {
  const left: Delivery[] = [];
  for (let next = await claim(store, afterMs); next; next = await claim(store, afterMs)) {
    await store.settle(next.id, delivered(next.target?.messageId ?? firstId + left.length), at(afterMs));
    left.push(next);
  }
  return left;
}

const phases = (deliveries: readonly Delivery[]) => deliveries.map((delivery) => delivery.phase);
const at4 = (symbol: string, tier: string, startsAt = START_MS) => cascade({ labels: { symbol, tier }, startsAt });

export function testStoreContract(t: Test, open: OpenStore): void {
  t.test('an accepted alert is enqueued once for each chat of its category', async (t) => {
    const { store } = await open(t, rules());
    const summary = await store.accept([cascade(), stackAlert()], present(0));
    t.same(summary, { fresh: 2, redelivered: 0, suppressed: [] });
    const left = await drain(store, 0);
    t.same(
      left.map(({ chat, phase }) => [chat.key, chat.threadId, phase]),
      [
        ['100', undefined, 'firing'],
        ['-200/7', 7, 'firing'],
      ],
    );
    t.match((await store.counts()).byState, { delivered: 2, pending: 0, claimed: 0 });
  });

  t.test('the same webhook once more, or from a second Alertmanager, enqueues nothing', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const again = await store.accept([cascade()], present(1_000));
    t.same(again, { fresh: 0, redelivered: 1, suppressed: [] });
    await drain(store, 1_000);
    await store.accept([resolved(cascade())], present(60_000));
    const end = await store.accept([resolved(cascade())], present(61_000));
    t.equal(end.redelivered, 1);
    t.equal(
      (await store.accept([cascade()], present(62_000))).redelivered,
      1,
      'a late firing after the end changes nothing',
    );
    t.same(phases(await drain(store, 62_000)), ['resolved']);
  });

  t.test('a final state is final: a second settlement is refused', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const delivery = await claim(store, 0);
    t.ok(delivery);
    if (!delivery) return;
    await store.settle(delivery.id, delivered(1), at(0));
    await t.rejects(store.settle(delivery.id, { type: 'dead', reason: 'network' }, at(1)), { code: 'OUTBOX_CONFLICT' });
    t.equal((await store.recent(1))[0]?.state, 'delivered');
  });

  t.test('a claimed delivery is not claimed again, and comes back after a crash, marked', async (t) => {
    const { store, reopen } = await open(t, rules());
    await store.accept([cascade()], present(0));
    t.equal((await claim(store, 0))?.isResend, false);
    t.equal(await claim(store, 0), undefined);
    const { store: again } = await reopen(1_000);
    t.equal(again.recovered, 1);
    t.equal((await claim(again, 1_000))?.isResend, true);
  });

  t.test('what waited before a restart is due after it, at once', async (t) => {
    const { store, reopen } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const delivery = await claim(store, 0);
    await store.settle(
      delivery?.id ?? 0,
      { type: 'retry', dueAt: at(3_600_000), isAttempt: true, reason: 'network' },
      at(0),
    );
    const { store: again } = await reopen(1_000);
    t.equal(again.recovered, 0);
    t.match(await claim(again, 1_000), { attempts: 1, isResend: false });
  });

  t.test(
    'within five minutes the same symbol, type and tier is an edit; a higher tier is a message of its own',
    async (t) => {
      const { store } = await open(t, rules());
      await store.accept([at4('BTC', '1')], present(0));
      await drain(store, 0);
      const summary = await store.accept([at4('BTC', '1', START_MS + 100_000)], present(100_000));
      t.same(summary.suppressed, ['duplicate']);
      const [edit] = await drain(store, 100_000);
      t.match(edit, { phase: 'update', target: { messageId: 1 } });
      await store.accept([at4('BTC', '4', START_MS + 110_000)], present(110_000));
      t.same(phases(await drain(store, 110_000, 2)), ['firing']);
    },
  );

  t.test('after five minutes the same is news again', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([at4('BTC', '1')], present(0));
    await drain(store, 0);
    await store.accept([resolved(at4('BTC', '1'))], present(60_000));
    await drain(store, 60_000);
    await store.accept([at4('BTC', '1', START_MS + 299_000)], present(299_000));
    t.same(phases(await drain(store, 299_000)), ['update']);
    await store.accept([resolved(at4('BTC', '1', START_MS + 299_000))], present(300_000));
    await drain(store, 300_000);
    await store.accept([at4('BTC', '1', START_MS + 301_000)], present(301_000));
    t.same(phases(await drain(store, 301_000, 2)), ['firing']);
  });

  t.test('deduplication survives a restart', async (t) => {
    const { store, reopen } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    const { store: again } = await reopen(10_000);
    const summary = await again.accept([cascade({ startsAt: START_MS + 10_000 })], present(10_000));
    t.same(summary.suppressed, ['duplicate']);
  });

  t.test('alerts that are no market alerts differ by any of their labels', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([stackAlert(), stackAlert({ labels: { exchange: 'bybit' } })], present(0));
    t.equal((await drain(store, 0)).length, 2);
    const again = await store.accept([stackAlert({ startsAt: START_MS + 5_000 })], present(5_000));
    t.same(again.suppressed, ['duplicate']);
  });

  t.test('a message about two alerts ends with the last of them', async (t) => {
    const { store } = await open(t, rules());
    const [first, second] = [cascade(), cascade({ startsAt: START_MS + 20_000 })];
    await store.accept([first], present(0));
    await drain(store, 0);
    await store.accept([second], present(20_000));
    await drain(store, 20_000);
    t.same((await store.accept([resolved(first, START_MS + 30_000)], present(30_000))).suppressed, ['still_firing']);
    t.same(phases(await drain(store, 30_000)), []);
    await store.accept([resolved(second, START_MS + 90_000)], present(90_000));
    const [end] = await drain(store, 90_000);
    t.match(end, {
      phase: 'resolved',
      target: { messageId: 1 },
      subject: { alert: { status: 'resolved', endsAt: START_MS + 90_000 } },
    });
  });

  t.test('a message that failed does not count as a duplicate', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const delivery = await claim(store, 0);
    await store.settle(delivery?.id ?? 0, { type: 'dead', reason: 'chat_not_found' }, at(0));
    const again = await store.accept([cascade({ startsAt: START_MS + 5_000 })], present(5_000));
    t.same(again.suppressed, []);
  });

  t.test('a wanted repeat is sent again, a repeated webhook is not', async (t) => {
    const { store } = await open(t, rules());
    const alert = (notificationReason: string | undefined) => ({ ...stackAlert(), notificationReason });
    await store.accept([alert('new alert')], present(0));
    await drain(store, 0);
    t.equal((await store.accept([alert('group changed')], present(3_600_000))).fresh, 0);
    t.equal((await store.accept([alert('repeat interval elapsed')], present(200_000))).fresh, 0, 'within the window');
    t.equal((await store.accept([alert('repeat interval elapsed')], present(3_700_000))).fresh, 1);
    t.same(phases(await drain(store, 3_700_000, 2)), ['firing']);
    t.equal(
      (await store.accept([alert(undefined)], present(7_000_000))).fresh,
      0,
      'an old Alertmanager, too soon for a repeat',
    );
    t.equal((await store.accept([alert(undefined)], present(7_400_000))).fresh, 1);
  });

  t.test('an end takes the place of news that has not left', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await store.accept([resolved(cascade(), START_MS + 1_000)], present(1_000));
    const left = await drain(store, 1_000);
    t.match(left, [{ phase: 'resolved', target: { isReplaced: true } }]);
    t.match((await store.counts()).byState, { delivered: 1, suppressed: 1, pending: 0 });
  });

  t.test('an end waits for news that is under way', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const firing = await claim(store, 0);
    await store.accept([resolved(cascade(), START_MS + 1_000)], present(1_000));
    t.equal(await claim(store, 1_000), undefined);
    await store.settle(firing?.id ?? 0, delivered(7), at(2_000));
    t.match(await claim(store, 2_000), { phase: 'resolved', target: { messageId: 7 } });
  });

  t.test('an end that came while its news was under way replaces it when that fails', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const firing = await claim(store, 0);
    await store.accept([resolved(cascade(), START_MS + 1_000)], present(1_000));
    await store.settle(
      firing?.id ?? 0,
      { type: 'retry', dueAt: at(5_000), isAttempt: true, reason: 'network' },
      at(2_000),
    );
    t.match(await claim(store, 2_000), { phase: 'resolved', target: { isReplaced: true } });
    t.equal(await claim(store, 9_000), undefined);
  });

  t.test('the end of an alert that no chat was notified of is not sent', async (t) => {
    const { store } = await open(t, rules({ isEnabled: (kind) => kind !== 'cascade' }));
    await store.accept([cascade()], present(0));
    const summary = await store.accept([resolved(cascade())], present(60_000));
    t.same(summary.suppressed, ['not_told']);
    t.equal(
      (await store.accept([resolved(explosion())], present(60_000))).suppressed[0],
      'not_told',
      'market news of the past',
    );
    t.same(phases(await drain(store, 60_000)), []);
    await store.accept([resolved(stackAlert())], present(60_000));
    t.same(phases(await drain(store, 60_000)), ['resolved'], 'but the end of a fault may be what somebody waits for');
  });

  t.test('what a quota holds back opens a digest at once, and then edits it', async (t) => {
    const { store } = await open(t, rules({ quota: { maxMarketPerHour: 1, rateLimitMs: 0 } }));
    await store.accept([at4('BTC', '1'), at4('ETH', '1')], present(0));
    const left = await drain(store, 0);
    t.same(phases(left), ['firing', 'digest']);
    t.match(left[1]?.subject, {
      type: 'digest',
      digest: {
        total: 1,
        bySubject: [['ETH', 1]],
        byReason: [['quota', 1]],
        largest: { subject: 'ETH', notionalUsd: 1_200_000 },
      },
    });
    await store.accept([at4('SOL', '1')], present(10_000));
    t.same(phases(await drain(store, 10_000)), [], 'edits are gathered for a moment');
    const [edit] = await drain(store, 16_000);
    t.match(edit, { phase: 'digest_update', target: { messageId: 2 }, subject: { digest: { total: 2 } } });
  });

  t.test('a new hour has a new digest', async (t) => {
    const { store } = await open(t, rules({ quota: { maxMarketPerHour: 1, rateLimitMs: 0 } }));
    await store.accept([at4('BTC', '1'), at4('ETH', '1')], present(0));
    await drain(store, 0);
    await store.accept(
      [at4('SOL', '1', START_MS + 3_700_000), at4('XRP', '1', START_MS + 3_700_000)],
      present(3_700_000),
    );
    t.same(phases(await drain(store, 3_700_000, 5)), ['firing', 'digest']);
  });

  t.test('news that is too old on arrival goes only into the digest', async (t) => {
    const { store } = await open(t, rules());
    const summary = await store.accept([cascade()], present(121_000));
    t.same(summary.suppressed, ['late']);
    t.same(phases(await drain(store, 121_000)), ['digest']);
  });

  t.test('what may not have arrived is named in the digest', async (t) => {
    const { store } = await open(t, rules());
    const settlements: readonly Settlement[] = [
      { type: 'unknown', reason: 'timeout', text: 'x' },
      { type: 'expired' },
      { type: 'dead', reason: 'server_error' },
      { type: 'dead', reason: 'chat_not_found' },
    ];
    await store.accept(
      ['BTC', 'ETH', 'SOL', 'XRP'].map((symbol) => at4(symbol, '1')),
      present(0),
    );
    for (const settlement of settlements) {
      const delivery = await store.claim(KEYS, at(0), 0);
      await store.settle(delivery?.id ?? 0, settlement, at(0));
    }
    const [digest] = await drain(store, 0);
    t.match(digest?.subject, { digest: { total: 3, unconfirmed: 1 } });
    t.match((await store.counts()).byState, { unknown: 1, expired: 1, dead: 2 });
  });

  t.test('a cascade mutes the single liquidations of its symbol up to its tier, also in one webhook', async (t) => {
    const { store } = await open(t, rules());
    const single = (symbol: string, tier: string) => largeLiquidation({ labels: { symbol, tier } });
    const summary = await store.accept([single('BTC', '1'), single('BTC', '16'), at4('BTC', '4')], present(0));
    t.same(summary.suppressed, ['muted']);
    t.same((await store.accept([single('ETH', '1')], present(0))).suppressed, []);
    t.same((await store.accept([at4('BTC', '1')], present(0))).suppressed, ['muted'], 'and its own lower tiers');
    await store.accept(
      [resolved(at4('BTC', '4')), resolved(at4('BTC', '1')), resolved(single('BTC', '16'))],
      present(61_000),
    );
    const later = largeLiquidation({ startsAt: START_MS + 130_000 });
    t.same((await store.accept([later], present(130_000))).suppressed, [], 'until it ends');
  });

  t.test('a cascade whose end was lost mutes nothing for long', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const later = largeLiquidation({ startsAt: START_MS + 1_900_000 });
    t.same((await store.accept([later], present(1_900_000))).suppressed, []);
  });

  t.test('a kind that is switched off is recorded and not sent', async (t) => {
    const { store } = await open(t, rules({ isEnabled: (kind) => kind !== 'oi_collapse' }));
    t.same((await store.accept([collapse()], present(0))).suppressed, ['disabled']);
    t.equal(await claim(store, 0), undefined);
  });

  t.test('high leaves before medium before low, whatever came first', async (t) => {
    const { store } = await open(t, rules());
    const other = (priority: string) => stackAlert({ labels: { priority, exchange: priority } });
    await store.accept([other('low')], present(0));
    await store.accept([other('medium')], present(1));
    await store.accept([other('high')], present(2));
    t.same(
      (await drain(store, 10)).map((delivery) => delivery.priority),
      ['high', 'medium', 'low'],
    );
  });

  t.test('low that has waited a minute is no longer behind medium', async (t) => {
    const { store } = await open(t, rules());
    const other = (priority: string, exchange: string) => stackAlert({ labels: { priority, exchange } });
    await store.accept([other('low', 'a')], present(0));
    await store.accept([other('medium', 'b'), other('high', 'c')], present(61_000));
    t.same(
      (await drain(store, 61_000)).map((delivery) => delivery.priority),
      ['high', 'low', 'medium'],
    );
  });

  t.test('a rank can be asked for: nothing less urgent is claimed', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([largeLiquidation()], present(0));
    t.equal(await store.claim(KEYS, at(0), 0), undefined);
    await store.accept([explosion()], present(0));
    t.equal((await store.claim(KEYS, at(0), 0))?.priority, 'high');
  });

  t.test('only the chats asked for are claimed', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    t.equal(await store.claim([STACK.key], at(0), LOWEST_RANK), undefined);
    t.equal(await store.claim([], at(0), LOWEST_RANK), undefined);
    t.ok(await store.claim([MARKET.key], at(0), LOWEST_RANK));
  });

  t.test('a retry waits until it is due', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    const first = await claim(store, 0);
    await store.settle(
      first?.id ?? 0,
      { type: 'retry', dueAt: at(4_000), isAttempt: true, reason: 'server_error' },
      at(0),
    );
    t.equal(await store.nextDueAt(), START_MS + 4_000);
    t.equal(await claim(store, 3_999), undefined);
    t.match(await claim(store, 4_000), { attempts: 1 });
    t.equal(await store.nextDueAt(), undefined);
  });

  t.test('a chat that refuses the bot is paused, its queue ended, and resumed on request', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await store.pauseChat(MARKET.key, 'forbidden', at(1));
    t.equal(await claim(store, 1), undefined);
    t.same((await store.accept([explosion()], present(2))).suppressed, ['chat_paused']);
    t.match(await store.chats(), [
      { address: MARKET, pausedReason: 'forbidden' },
      { address: STACK, pausedReason: undefined },
    ]);
    await store.resumeChat(MARKET.key);
    t.same((await store.accept([collapse()], present(3))).suppressed, []);
  });

  t.test('a group that moved keeps its key and gets its messages at the new address', async (t) => {
    const { store, reopen } = await open(t, rules());
    await store.moveChat(STACK.key, '-1001');
    const { store: again } = await reopen(0);
    await again.accept([stackAlert()], present(0));
    t.match(await claim(again, 0), { chat: { key: STACK.key, chatId: '-1001', threadId: 7 } });
  });

  t.test('fresher figures of a living alert enqueue an edit where they grew, a handful at most', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    const [alert] = await store.living();
    t.equal(alert?.facts.symbol, 'BTC');
    const figures = (usd: number) => ({ ...cascade().annotations, notional_usd: String(usd) });
    t.equal(await store.observe(alert?.id ?? 0, figures(1_210_000), at(5_000)), false);
    t.same(phases(await drain(store, 5_000)), []);
    let edits = 0;
    for (let step = 1; step <= 20; step += 1) {
      t.equal(await store.observe(alert?.id ?? 0, figures(1_200_000 * 1.2 ** step), at(5_000 * (step + 1))), true);
      edits += (await drain(store, 5_000 * (step + 1))).length;
    }
    t.equal(edits, 6);
    await store.observe(alert?.id ?? 0, figures(500_000), at(200_000));
    t.match((await store.living())[0], {
      annotations: { notional_usd: '500000' },
      peak: figures(1_200_000 * 1.2 ** 20),
    });
    await store.accept([resolved(cascade())], present(210_000));
    t.same(await store.living(), []);
    t.equal(await store.observe(alert?.id ?? 0, figures(9e9), at(220_000)), false);
    t.equal(await store.observe(12_345, figures(9e9), at(220_000)), false);
  });

  t.test('what fires anew after its end is sent with its own figures, not with those of the first', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    await store.accept([resolved(cascade())], present(10_000));
    await drain(store, 10_000);
    const smaller = { ...cascade().annotations, notional_usd: '600000', long_events: '0', short_events: '6' };
    await store.accept([cascade({ annotations: smaller, startsAt: at(60_000) })], present(60_000));
    t.match((await store.living())[0], { peak: { notional_usd: '600000', short_events: '6' } });
  });

  t.test('growth too small for an edit still counts as peak, and adds up to an edit', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    const observe = (usd: number, ms: number) =>
      store.observe(1, { ...cascade().annotations, notional_usd: String(usd) }, at(ms));
    t.equal(await observe(1_240_000, 5_000), false);
    t.match((await store.living())[0], { peak: { notional_usd: '1240000' } });
    t.equal(await observe(1_270_000, 10_000), true);
    t.equal(await observe(1_300_000, 15_000), false);
  });

  t.test('an end that Alertmanager lost can be given by hand, for every alert of its message', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    await store.accept([cascade({ startsAt: START_MS + 20_000 })], present(20_000));
    await drain(store, 20_000);
    await store.end(1, at(50_000), at(120_000));
    const [end, ...others] = await drain(store, 120_000);
    t.match(end, { phase: 'resolved', target: { messageId: 1 }, subject: { alert: { endsAt: START_MS + 50_000 } } });
    t.same(others, []);
    t.equal((await store.accept([resolved(cascade())], present(121_000))).fresh, 0, 'its own end, late, is no news');
  });

  t.test('edits keep their distance from the message and from each other', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    await store.observe(1, { notional_usd: '2000000' }, at(1_000));
    t.equal(await claim(store, 3_900), undefined);
    t.match(await claim(store, 4_000), { phase: 'update' });
  });

  t.test('once a higher tier is sent, the message of the lower one is left alone until its end', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([at4('BTC', '1'), at4('ETH', '1')], present(0));
    await drain(store, 0);
    await store.observe(1, { notional_usd: '1900000' }, at(1_000));
    await store.accept([at4('BTC', '4', START_MS + 2_000)], present(2_000));
    t.same(phases(await drain(store, 2_000, 10)), ['firing'], 'an edit that waited is not sent any more');
    t.equal(await store.observe(1, { notional_usd: '5000000' }, at(10_000)), true);
    t.equal(await store.observe(2, { notional_usd: '5000000' }, at(10_000)), true);
    t.equal(await store.observe(3, { notional_usd: '5000000' }, at(10_000)), true);
    t.match(
      (await drain(store, 10_000)).map(({ phase, target }) => [phase, target?.messageId]),
      [
        ['update', 2],
        ['update', 10],
      ],
    );
    const again = at4('BTC', '1', START_MS + 20_000);
    t.same((await store.accept([again], present(20_000))).suppressed, ['duplicate']);
    t.same(await drain(store, 30_000), [], 'nor is it edited when the lower tier fires anew');
    await store.accept([resolved(at4('BTC', '1')), resolved(again)], present(60_000));
    t.match(await drain(store, 60_000), [{ phase: 'resolved', target: { messageId: 1 } }]);
  });

  t.test('when the higher tier is over, a lower one that fires anew edits its message again', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([at4('BTC', '1'), at4('BTC', '4')], present(0));
    await drain(store, 0);
    await store.accept([resolved(at4('BTC', '1')), resolved(at4('BTC', '4'))], present(60_000));
    await drain(store, 60_000);
    const small = at4('BTC', '1', START_MS + 120_000);
    t.same((await store.accept([small], present(120_000))).suppressed, ['duplicate']);
    t.match(await drain(store, 120_000), [{ phase: 'update', subject: { alert: { facts: { tier: 1 } } } }]);
  });

  t.test('a chat without a message about the higher tier still sees how the lower one grows', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([at4('BTC', '1')], present(0));
    await drain(store, 0);
    await store.accept([at4('BTC', '4', START_MS + 1_000)], present(1_000));
    const higher = await claim(store, 1_000);
    await store.settle(higher?.id ?? 0, { type: 'dead', reason: 'bad_request' }, at(1_000));
    await store.observe(1, { notional_usd: '5000000' }, at(10_000));
    t.match(await drain(store, 10_000), [{ phase: 'update', target: { messageId: 1 } }]);
  });

  t.test('a repeat of what was sent is marked as one', async (t) => {
    const { store } = await open(t, rules());
    await store.accept([stackAlert()], present(0));
    t.same(
      (await drain(store, 0)).map(({ isRepeat }) => isRepeat),
      [false],
    );
    const repeat = stackAlert({ notificationReason: 'repeat interval elapsed' });
    await store.accept([repeat], present(14_400_000));
    t.same(
      (await drain(store, 14_400_000)).map(({ isRepeat, phase }) => [phase, isRepeat]),
      [['firing', true]],
    );
  });

  t.test("the bridge's own word goes to the chats named", async (t) => {
    const { store } = await open(t, rules());
    await store.notify('hello', [STACK], at(0));
    t.match(await drain(store, 0), [{ phase: 'notice', chat: STACK, subject: { type: 'notice', text: 'hello' } }]);
  });

  t.test('more than it can hold is refused, and nothing of it kept', async (t) => {
    const { store } = await open(t, rules({ maxWaiting: 2 }));
    await store.accept([cascade(), stackAlert()], present(0));
    await t.rejects(store.accept([explosion()], present(1)), { code: 'OUTBOX_FULL' });
    await drain(store, 1);
    t.equal((await store.accept([explosion()], present(2))).fresh, 1);
  });

  t.test('history past its retention goes, what still waits stays', async (t) => {
    const { store } = await open(t, rules({ retentionMs: 1_000 }));
    await store.accept([cascade()], present(0));
    await drain(store, 0);
    await store.accept([stackAlert()], present(0));
    t.equal(await store.prune(at(500)), 0);
    t.equal(await store.prune(at(2_000)), 1);
    t.equal((await store.recent(10)).length, 1);
    t.equal((await store.counts()).byState.delivered, 0);
    t.equal((await drain(store, 2_000)).length, 1);
  });

  t.test('an alert is accepted whatever its labels and figures are', async (t) => {
    const { store } = await open(t, rules({ dedupMs: 300_000.5 }));
    const long = 'x'.repeat(10_000);
    const odd = [
      cascade({ annotations: { event_timestamp: String(START_MS / 1_000 + 0.3955) } }),
      cascade({ labels: { symbol: long, tier: '1e300' } }),
      cascade({ labels: { symbol: '', tier: '2.5' } }),
      stackAlert({ labels: { alertname: long, [long]: long }, annotations: { summary: '\0\ud800' } }),
    ];
    t.equal((await store.accept(odd, present(0))).fresh, 4);
    t.equal((await drain(store, 0)).length, 4);
    t.equal(
      (
        await store.accept(
          odd.map((alert) => resolved(alert)),
          present(1_000),
        )
      ).fresh,
      4,
    );
    await drain(store, 1_000);
    t.equal((await store.counts()).byState.pending, 0);
  });

  t.test('the newest deliveries come first, with their text and state', async (t) => {
    const { store } = await open(t, rules());
    const none = await store.counts();
    t.equal(none.oldestWaitingAt, undefined);
    await store.accept([cascade()], present(0));
    t.equal((await store.counts()).oldestWaitingAt, START_MS);
    await drain(store, 5);
    await store.accept([explosion()], present(10));
    const [newest, oldest] = await store.recent(5);
    t.match(newest, { alertname: 'OpenInterestExplosion', state: 'pending', text: undefined, finishedAt: undefined });
    t.match(oldest, {
      alertname: 'LiquidationCascade',
      symbol: 'BTC',
      state: 'delivered',
      text: 'message 1',
      finishedAt: START_MS + 5,
    });
  });

  t.test('a webhook of many alerts is accepted whole', async (t) => {
    const { store } = await open(t, rules({ maxWaiting: 10_000 }));
    const many: readonly Alert[] = Array.from({ length: 400 }, (_, index) =>
      stackAlert({ labels: { instance: `i${index}` } }),
    );
    t.equal((await store.accept(many, present(0))).fresh, 400);
    const { byState } = await store.counts();
    t.match(byState, { suppressed: 390, pending: 11 });
  });
}
