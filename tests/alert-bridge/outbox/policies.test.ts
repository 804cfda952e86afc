import t from 'tap';
import { belongsInDigest, refusalOf } from '../../../alert-bridge/outbox/admission.ts';
import { PHASES } from '../../../alert-bridge/outbox/delivery.ts';
import { judgeLateness } from '../../../alert-bridge/outbox/lateness.ts';
import { hasGrown, laterPeak, magnitude } from '../../../alert-bridge/outbox/peak.ts';
import { rankOf } from '../../../alert-bridge/outbox/priority.ts';
import { judgeQuota, type Notification, type QuotaLimits } from '../../../alert-bridge/outbox/quota.ts';
import { nextStep } from '../../../alert-bridge/outbox/retry-policy.ts';
import { epochMs } from '../../../common/brands.ts';

const LIMITS: QuotaLimits = { maxMarketPerHour: 10, rateLimitMs: 60_000 };
const NOW = 10_000_000;

function notification(change: Partial<Notification> = {}): Notification {
  return { category: 'market', kind: 'cascade', symbol: 'BTC', tier: 1, priority: 'high', atMs: NOW, ...change };
}

const large = (symbol: string, agoMs = 0): Notification =>
  notification({ kind: 'large_liquidation', priority: 'medium', symbol, atMs: NOW - agoMs });
const medium = (symbol: string, agoMs = 0): Notification =>
  notification({ kind: 'oi_collapse', priority: 'medium', symbol, atMs: NOW - agoMs });
const high = (symbol: string, agoMs = 0): Notification => notification({ symbol, atMs: NOW - agoMs });
const times = (count: number, make: (symbol: string, agoMs?: number) => Notification) =>
  Array.from({ length: count }, (_, index) => make(`S${index}`, 600_000));

t.test('ten new market messages an hour, and no more', (t) => {
  t.equal(judgeQuota(high('BTC'), times(9, high), LIMITS), 'admitted');
  t.equal(judgeQuota(high('BTC'), times(10, high), LIMITS), 'quota');
  t.end();
});

t.test('four of them are kept for high priority', (t) => {
  t.equal(judgeQuota(medium('BTC'), times(5, medium), LIMITS), 'admitted');
  t.equal(judgeQuota(medium('BTC'), times(6, medium), LIMITS), 'quota');
  t.equal(judgeQuota(high('BTC'), times(6, medium), LIMITS), 'admitted');
  t.equal(judgeQuota(high('BTC'), [...times(6, medium), ...times(3, high)], LIMITS), 'admitted');
  t.equal(judgeQuota(high('BTC'), [...times(6, medium), ...times(4, high)], LIMITS), 'quota');
  t.end();
});

t.test('large single liquidations get at most three', (t) => {
  t.equal(judgeQuota(large('BTC'), times(2, large), LIMITS), 'admitted');
  t.equal(judgeQuota(large('BTC'), times(3, large), LIMITS), 'quota');
  t.equal(judgeQuota(medium('BTC'), times(3, large), LIMITS), 'admitted');
  t.end();
});

t.test('stack alerts have ten of their own, which market messages do not touch', (t) => {
  const stack = (symbol: string) =>
    notification({ category: 'stack', kind: 'stack', priority: 'medium', symbol, atMs: NOW - 600_000 });
  t.equal(judgeQuota(stack('a'), [...times(10, high), ...times(9, stack)], LIMITS), 'admitted');
  t.equal(judgeQuota(stack('a'), times(10, stack), LIMITS), 'quota');
  t.equal(judgeQuota(high('BTC'), times(10, stack), LIMITS), 'admitted');
  t.end();
});

t.test("a user's own rules are only held back in a storm", (t) => {
  const other = (symbol: string) =>
    notification({ category: 'other', kind: 'other', priority: 'low', symbol, atMs: NOW - 600_000 });
  t.equal(judgeQuota(other('a'), times(59, other), LIMITS), 'admitted');
  t.equal(judgeQuota(other('a'), times(60, other), LIMITS), 'quota');
  t.end();
});

t.test('a higher tier is never held back', (t) => {
  const full = [...times(10, high), notification({ tier: 4, atMs: NOW - 1_000 })];
  t.equal(judgeQuota(notification({ tier: 16 }), full, LIMITS), 'admitted');
  t.equal(judgeQuota(notification({ tier: 4 }), full, LIMITS), 'quota');
  t.equal(judgeQuota(notification({ tier: 4, symbol: 'ETH' }), full, LIMITS), 'admitted');
  t.equal(
    judgeQuota(notification({ kind: 'large_liquidation', priority: 'medium', tier: 4 }), full, LIMITS),
    'admitted',
  );
  t.end();
});

t.test('messages of more than an hour ago do not count', (t) => {
  const old = Array.from({ length: 10 }, (_, index) => high(`S${index}`, 3_600_000));
  t.equal(judgeQuota(high('BTC'), old, LIMITS), 'admitted');
  t.end();
});

t.test('two messages on a symbol keep their distance, across types, but high priority is exempt', (t) => {
  t.equal(judgeQuota(medium('BTC'), [high('BTC', 59_000)], LIMITS), 'rate_limit');
  t.equal(judgeQuota(medium('BTC'), [high('BTC', 60_000)], LIMITS), 'admitted');
  t.equal(judgeQuota(medium('ETH'), [high('BTC', 1_000)], LIMITS), 'admitted');
  t.equal(judgeQuota(high('BTC'), [medium('BTC', 1_000)], LIMITS), 'admitted');
  t.equal(judgeQuota(medium('BTC'), [high('BTC', 1_000)], { ...LIMITS, rateLimitMs: 0 }), 'admitted');
  t.end();
});

t.test('a small quota is still a quota', (t) => {
  t.equal(judgeQuota(medium('BTC'), [], { ...LIMITS, maxMarketPerHour: 3 }), 'quota');
  t.equal(judgeQuota(high('BTC'), [], { ...LIMITS, maxMarketPerHour: 1 }), 'admitted');
  t.equal(judgeQuota(high('BTC'), times(1, high), { ...LIMITS, maxMarketPerHour: 1 }), 'quota');
  t.end();
});

t.test('the first reason that holds is the one recorded', (t) => {
  const fine = {
    isEnabled: true,
    isChatPaused: false,
    subscription: { type: 'wanted', isSilent: false },
    isDuplicate: false,
    isMuted: false,
    lateness: { type: 'in_time' },
    quota: 'admitted',
  } as const;
  t.equal(refusalOf(fine), undefined);
  t.equal(refusalOf({ ...fine, lateness: { type: 'late', seconds: 20 } }), undefined);
  t.equal(refusalOf({ ...fine, quota: 'quota' }), 'quota');
  t.equal(refusalOf({ ...fine, quota: 'rate_limit', lateness: { type: 'too_late', seconds: 200 } }), 'late');
  t.equal(refusalOf({ ...fine, isMuted: true, lateness: { type: 'too_late', seconds: 200 } }), 'muted');
  t.equal(refusalOf({ ...fine, isDuplicate: true, isMuted: true }), 'duplicate');
  t.equal(
    refusalOf({ ...fine, subscription: { type: 'filtered', reason: 'not_subscribed' }, isDuplicate: true }),
    'not_subscribed',
  );
  t.equal(refusalOf({ ...fine, subscription: { type: 'held', delayMs: 1 }, quota: 'quota' }), 'quiet_hours');
  t.equal(refusalOf({ ...fine, subscription: { type: 'held', delayMs: 1 }, isMuted: true }), 'muted');
  t.equal(refusalOf({ ...fine, isChatPaused: true, isDuplicate: true }), 'chat_paused');
  t.equal(refusalOf({ ...fine, isEnabled: false, isChatPaused: true }), 'disabled');
  t.end();
});

t.test('what is held back goes into the digest, what is filtered does not', (t) => {
  t.same(
    ['quota', 'rate_limit', 'late', 'quiet_hours'].filter((reason) => belongsInDigest(reason as 'quota')).length,
    4,
  );
  for (const reason of ['duplicate', 'muted', 'disabled', 'not_subscribed'] as const) t.notOk(belongsInDigest(reason));
  t.end();
});

t.test('lateness has its bounds per kind', (t) => {
  const at = epochMs(NOW);
  const age = (kind: 'cascade' | 'oi_explosion' | 'stack', seconds: number) =>
    judgeLateness(kind, at, { now: epochMs(NOW + seconds * 1_000), wallNow: epochMs(NOW + seconds * 1_000) }).type;
  t.equal(age('cascade', 15), 'in_time');
  t.equal(age('cascade', 16), 'late');
  t.equal(age('cascade', 120), 'late');
  t.equal(age('cascade', 121), 'too_late');
  t.equal(age('oi_explosion', 60), 'in_time');
  t.equal(age('oi_explosion', 61), 'late');
  t.equal(age('oi_explosion', 900), 'late');
  t.equal(age('oi_explosion', 901), 'too_late');
  t.equal(age('stack', 1e6), 'in_time');
  t.end();
});

t.test('a clock that was set forward or back invents no lateness', (t) => {
  const event = epochMs(NOW);
  const hour = 3_600_000;
  t.equal(
    judgeLateness('cascade', event, { now: epochMs(NOW + 1_000), wallNow: epochMs(NOW + 1_000 + hour) }).type,
    'in_time',
  );
  t.equal(
    judgeLateness('cascade', event, { now: epochMs(NOW + 1_000 + hour), wallNow: epochMs(NOW + 1_000) }).type,
    'in_time',
  );
  t.equal(judgeLateness('cascade', event, { now: epochMs(NOW - hour), wallNow: epochMs(NOW - hour) }).type, 'in_time');
  t.equal(
    judgeLateness('cascade', event, { now: epochMs(NOW + 42_000), wallNow: epochMs(NOW + 42_000 - hour) }).type,
    'late',
  );
  t.end();
});

t.test('high leaves before medium before low, news before edits', (t) => {
  t.ok(rankOf('firing', 'high') < rankOf('firing', 'medium'));
  t.ok(rankOf('firing', 'medium') < rankOf('firing', 'low'));
  t.ok(rankOf('resolved', 'high') > rankOf('firing', 'medium'));
  t.equal(rankOf('resolved', 'high', true), rankOf('firing', 'high'));
  for (const phase of PHASES) t.ok(rankOf(phase, 'low') <= rankOf('update', 'high'), phase);
  t.end();
});

t.test('what can heal is tried again after 1, 2 and 4 s, then it is dead', (t) => {
  const failure = { type: 'healable', reason: 'server_error' } as const;
  const delays = [0, 1, 2].map((attempts) => nextStep(failure, attempts));
  t.same(
    delays.map((step) => step.type === 'retry' && step.delayMs),
    [1_000, 2_000, 4_000],
  );
  t.same(nextStep(failure, 3), { type: 'dead', reason: 'server_error', isChatPaused: false });
  t.end();
});

t.test('digests and notices are tried until it heals, ever more slowly', (t) => {
  const step = nextStep({ type: 'healable', reason: 'network' }, 30, true);
  t.same(step, { type: 'retry', delayMs: 30_000, isAttempt: true, reason: 'network' });
  t.end();
});

t.test('each other outcome has its one step', (t) => {
  t.same(nextStep({ type: 'delivered', messageId: 7 }, 0), { type: 'delivered', messageId: 7 });
  t.same(nextStep({ type: 'rate_limited', retryAfterSeconds: 8 }, 99), {
    type: 'retry',
    delayMs: 8_000,
    isAttempt: false,
    reason: 'rate_limited',
  });
  t.same(nextStep({ type: 'ambiguous', reason: 'timeout' }, 0), { type: 'unknown', reason: 'timeout' });
  t.same(nextStep({ type: 'permanent', reason: 'chat_not_found' }, 0), {
    type: 'dead',
    reason: 'chat_not_found',
    isChatPaused: false,
  });
  t.same(nextStep({ type: 'forbidden' }, 0), { type: 'dead', reason: 'forbidden', isChatPaused: true });
  t.same(nextStep({ type: 'migrated', chatId: '-1001' }, 0), { type: 'migrate', chatId: '-1001' });
  t.same(nextStep({ type: 'message_gone' }, 0), { type: 'send_anew' });
  t.same(nextStep({ type: 'edit_refused' }, 0), { type: 'edit_refused' });
  t.end();
});

t.test('figures have grown from five percent on', (t) => {
  t.equal(hasGrown(100, { notional_usd: '105' }), false);
  t.equal(hasGrown(100, { notional_usd: '106' }), true);
  t.equal(hasGrown(0.18, { change_ratio: '-0.2' }), true);
  t.equal(hasGrown(undefined, { notional_usd: '106' }), false);
  t.equal(magnitude({ summary: 'x' }), undefined);
  t.same(laterPeak({ notional_usd: '9' }, { notional_usd: '10' }), { notional_usd: '10' });
  t.same(laterPeak({ notional_usd: '9' }, { notional_usd: '8' }), { notional_usd: '9' });
  t.end();
});
