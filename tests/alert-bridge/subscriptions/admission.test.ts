// Subscriptions at work in the outbox: what is filtered, what arrives silently, what waits for the morning.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseQuietHours } from '../../../alert-bridge/model/quiet-hours.ts';
import { EVERYTHING, type Subscription } from '../../../alert-bridge/model/subscription.ts';
import { openConnection } from '../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { createSubscriptions } from '../../../alert-bridge/subscriptions/sql-subscriptions.ts';
import { epochMs } from '../../../common/brands.ts';
import { MARKET, rules, STACK } from '../outbox/databases/store-contract.ts';
import { cascade, largeLiquidation, stackAlert } from '../support/alerts.ts';
import { START_MS } from '../support/clocks.ts';

const HOUR = 3_600_000;
const ADDED = { key: '900', chatId: '900', threadId: undefined };
const at = (afterMs: number) => epochMs(START_MS + afterMs);
const present = (afterMs = 0) => ({ now: at(afterMs), wallNow: at(afterMs) });
const low = (symbol: string, afterMs = 0) =>
  largeLiquidation({ labels: { symbol, priority: 'low' }, startsAt: at(afterMs) });
/** The test's day begins at noon, UTC. */
const NOON_TO_TWO = parseQuietHours('12:00-14:00 UTC');

async function open(t: Test, path = join(t.testdir(), 'outbox.sqlite'), afterMs = 0) {
  const db = openConnection(path);
  const store = await createSqliteStore(db, { rules: rules(), chats: [MARKET, STACK], now: at(afterMs) });
  const subscriptions = createSubscriptions(db, [MARKET, STACK]);
  const want = (change: Partial<Subscription>, chat = MARKET) =>
    subscriptions.put(chat, { ...EVERYTHING, ...change }, at(0));
  const claim = (afterMs: number) => store.claim(['100', '900', STACK.key], at(afterMs), 3);
  return { db, store, subscriptions, want, claim, path };
}

t.test('what a chat does not want is recorded as such, and told to nobody', async (t) => {
  const { store, want, claim } = await open(t);
  t.teardown(() => store.close());
  await want({ symbols: ['ETH'] });
  t.same((await store.accept([cascade()], present())).suppressed, ['not_subscribed']);
  await want({ isPaused: true });
  t.same((await store.accept([cascade({ labels: { symbol: 'ETH' } })], present())).suppressed, ['paused']);
  t.equal(await claim(0), undefined);
  t.match(await store.recent(2), [
    { state: 'suppressed', reason: 'paused' },
    { state: 'suppressed', reason: 'not_subscribed' },
  ]);
});

t.test('whoever was added hears of the market, and of the stack only where it is asked for', async (t) => {
  const { store, want, claim, subscriptions } = await open(t);
  t.teardown(() => store.close());
  await want({}, ADDED);
  await store.accept([cascade(), stackAlert()], present());
  const heard = [await claim(0), await claim(0), await claim(0), await claim(0)].map((one) => one?.chat.key);
  t.same(heard.toSorted(), ['-200/7', '100', '900', undefined].toSorted());
  await want({ types: ['stack'] }, ADDED);
  await store.accept([stackAlert({ labels: { exchange: 'bybit' } })], present());
  t.same([(await claim(0))?.chat.key, (await claim(0))?.chat.key].toSorted(), ['-200/7', '900']);
  t.same(
    (await subscriptions.list()).map(({ chat, isConfigured }) => [chat.key, isConfigured]),
    [
      ['100', true],
      ['-200/7', true],
      ['900', false],
    ],
  );
  t.ok(await subscriptions.remove('900'));
  t.notOk(await subscriptions.remove('900'));
  t.equal(await subscriptions.find('900'), undefined);
});

t.test(
  'in quiet hours high rings, medium is silent, low waits in one digest for their end, across a restart',
  async (t) => {
    const first = await open(t);
    await first.want({ quiet: NOON_TO_TWO });
    await first.store.accept([cascade(), largeLiquidation({ labels: { symbol: 'ETH' } }), low('SOL')], present());
    t.match(await first.claim(0), { priority: 'high', isSilent: false });
    t.match(await first.claim(0), { priority: 'medium', isSilent: true });
    t.equal(await first.claim(0), undefined, 'the digest waits');
    await first.store.accept([low('XRP', HOUR * 1.5)], present(HOUR * 1.5));
    await first.store.close();

    const second = await open(t, first.path, HOUR * 1.6);
    t.teardown(() => second.store.close());
    const claims = [await second.claim(HOUR * 1.6), await second.claim(HOUR * 1.6), await second.claim(HOUR * 1.6)];
    t.notOk(
      claims.some((claim) => claim?.phase === 'digest'),
      'a restart does not wake anybody',
    );
    const digest = await second.claim(HOUR * 2);
    t.match(digest, { phase: 'digest', subject: { digest: { total: 2, byReason: [['quiet_hours', 2]] } } });
    t.equal(await second.claim(HOUR * 2), undefined, 'one digest, however long the night');
  },
);

t.test('all mutes everything, notices too; outside quiet hours nothing is silent', async (t) => {
  const { store, want, claim } = await open(t);
  t.teardown(() => store.close());
  await want({ quiet: parseQuietHours('12:00-14:00 UTC all') });
  t.same((await store.accept([cascade()], present())).suppressed, ['quiet_hours']);
  await store.notify('detection is silent', [MARKET], at(0));
  t.match(await claim(0), { phase: 'notice', isSilent: true });
  await store.notify('detection is back', [MARKET], at(HOUR * 3));
  t.match(await claim(HOUR * 3), { phase: 'notice', isSilent: false });
  await want({ isPaused: true });
  await store.notify('not for this one', [MARKET], at(HOUR * 3));
  t.match(await claim(HOUR * 3), { phase: 'digest' });
  t.equal(await claim(HOUR * 3), undefined);
});

t.test('what a quota holds back in quiet hours is told at once, not in the morning', async (t) => {
  const { store, want, claim } = await open(t);
  t.teardown(() => store.close());
  await want({ quiet: NOON_TO_TWO });
  await store.accept([low('SOL')], present());
  await store.accept(
    Array.from({ length: 11 }, (_, index) => cascade({ labels: { symbol: `S${index}` } })),
    present(),
  );
  const phases: (string | undefined)[] = [];
  for (let claimed = await claim(0); claimed; claimed = await claim(0)) phases.push(claimed.phase);
  t.same(
    phases.filter((phase) => phase === 'digest'),
    ['digest'],
  );
});
