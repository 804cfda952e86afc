// Mutants of outbox, retry policy, quota, deduplication, escaping and their neighbours: the ways in which a message can be
// lost, doubled, told too late, or refused.
import type { Mutant } from './mutant.ts';

const of = (name: string, tests: readonly string[]) => ({
  file: `alert-bridge/${name}`,
  tests: tests.map((test) => `tests/alert-bridge/${test}`),
});

const POLICIES = ['outbox/policies.test.ts'];
const STORE = ['outbox/databases/sqlite/store.test.ts'];
const MESSAGES = ['format/messages.test.ts', 'format/figures.test.ts', 'format/hostile.test.ts'];
const RETRY = of('outbox/retry-policy.ts', POLICIES);
const QUOTA = of('outbox/quota.ts', POLICIES);
const LATENESS = of('outbox/lateness.ts', POLICIES);
const ADMISSION = of('outbox/admission.ts', POLICIES);
const PRIORITY = of('outbox/priority.ts', POLICIES);
const LOOKUPS = of('outbox/sql/lookups.ts', STORE);
const ACCEPT = of('outbox/sql/accept.ts', STORE);
const CLAIM = of('outbox/sql/claim.ts', STORE);
const PICK = of('outbox/databases/sqlite/claim.ts', STORE);
const SETTLE = of('outbox/sql/settle.ts', STORE);
const RESOLVE = of('outbox/sql/resolve.ts', STORE);
const DIGEST = of('outbox/sql/digest.ts', STORE);
const JOIN = of('outbox/sql/join-message.ts', STORE);
const REASON = of('telegram/reason.ts', ['telegram/reason.test.ts']);
const PACING = of('telegram/pacing.ts', ['telegram/pacing.test.ts']);
const PACE = of('outbox/pace.ts', ['telegram/pacing.test.ts']);
const CREDENTIAL = of('webhook/credential.ts', ['webhook/webhook.test.ts']);

export const mutants: readonly Mutant[] = [
  { ...RETRY, name: 'one retry too few', find: 'attempts >= MAX_RETRIES', replace: 'attempts + 1 >= MAX_RETRIES' },
  { ...RETRY, name: 'a digest dies like any message', find: ' && !isPersistent', replace: '' },
  { ...RETRY, name: 'back-off from half a second', find: 'baseMs: 1_000', replace: 'baseMs: 500' },
  {
    ...RETRY,
    name: 'waiting for Telegram uses up attempts',
    find: "isAttempt: false, reason: 'rate_limited'",
    replace: "isAttempt: true, reason: 'rate_limited'",
  },
  {
    ...RETRY,
    name: 'an ambiguous answer is repeated',
    find: "return { type: 'unknown', reason: outcome.reason };",
    replace: "return { type: 'retry', delayMs: 0, isAttempt: true, reason: outcome.reason };",
  },
  { ...RETRY, name: 'a refusing chat is not paused', find: 'isChatPaused: true }', replace: 'isChatPaused: false }' },
  { ...QUOTA, name: 'nothing kept for high priority', find: 'KEPT_FOR_HIGH = 4', replace: 'KEPT_FOR_HIGH = 0' },
  {
    ...QUOTA,
    name: 'a fourth large liquidation',
    find: 'MAX_LARGE_LIQUIDATIONS = 3',
    replace: 'MAX_LARGE_LIQUIDATIONS = 4',
  },
  {
    ...QUOTA,
    name: 'one message over the quota',
    find: 'same.length >= maxMarket',
    replace: 'same.length > maxMarket',
  },
  {
    ...QUOTA,
    name: 'an equal tier passes as higher',
    find: 'candidate.tier > Math.max',
    replace: 'candidate.tier >= Math.max',
  },
  {
    ...QUOTA,
    name: 'the rate limit holds back high priority',
    find: "candidate.priority === 'high' || candidate.symbol",
    replace: 'candidate.symbol',
  },
  {
    ...QUOTA,
    name: 'categories share one quota',
    find: 'message.category === candidate.category',
    replace: 'message.category !== undefined',
  },
  { ...LATENESS, name: 'the later clock counts', find: 'Math.min(...ages)', replace: 'Math.max(...ages)' },
  { ...LATENESS, name: 'too late at three minutes', find: 'tooLateMs: 120_000', replace: 'tooLateMs: 180_000' },
  { ...LATENESS, name: 'never late', find: 'ageMs > bounds.lateMs', replace: 'ageMs > bounds.tooLateMs' },
  {
    ...ADMISSION,
    name: 'what a quota holds back is thrown away',
    find: "reason === 'quota' || reason === 'rate_limit'",
    replace: "reason === 'rate_limit'",
  },
  { ...PRIORITY, name: 'high and medium swapped', find: 'high: 0, medium: 1', replace: 'high: 1, medium: 0' },
  {
    ...LOOKUPS,
    name: 'deduplication across chats',
    find: 'a.dedup_key = ? AND d.chat = ?',
    replace: 'a.dedup_key = ? AND d.chat <> ?',
  },
  {
    ...LOOKUPS,
    name: 'a lower tier is edited beside a higher one',
    find: 'AND a.tier > ?\n       AND (a.status',
    replace: 'AND a.tier > 1000 + ?\n       AND (a.status',
  },
  {
    ...LOOKUPS,
    name: 'an edit of a lower tier that waits is still sent',
    find: 'if (tier === 1) return [];',
    replace: 'if (tier > 0) return [];',
  },
  { ...LOOKUPS, name: 'a cascade mutes higher tiers', find: 'AND tier >= ?', replace: 'AND tier <= ?' },
  { ...LOOKUPS, name: 'deduplication without its window', find: '< ?\n     ORDER BY', replace: '>= -?\n     ORDER BY' },
  {
    ...ACCEPT,
    name: 'every repeat is wanted',
    find: "includes('repeat interval') && elapsedMs >= rules.dedupMs",
    replace: "includes('')",
  },
  { ...JOIN, name: 'a duplicate edits nothing', find: 'await enqueueEdit(sql, edit, nowMs);', replace: '' },
  {
    ...PICK,
    name: 'an end overtakes its news',
    find: " AND (t.id IS NULL OR t.state NOT IN ('pending', 'claimed'))",
    replace: '',
  },
  {
    ...PICK,
    name: 'what waits is claimed before it is due',
    find: ' AND x.due_at <= ?',
    replace: ' AND ? IS NOT NULL',
  },
  {
    ...CLAIM,
    name: 'a claim leaves the row pending',
    find: "SET state = 'claimed' WHERE",
    replace: "SET state = 'pending' WHERE",
  },
  { ...CLAIM, name: 'a crash is not marked', find: 'isNewMessage ? 1 : 0', replace: '0' },
  {
    ...SETTLE,
    name: 'a final state can change',
    find: "WHERE id = ? AND state = 'claimed'`",
    replace: 'WHERE id = ?`',
  },
  { ...SETTLE, name: 'a retry forgets its attempt', find: 'retry.isAttempt ? 1 : 0', replace: '0' },
  { ...SETTLE, name: 'a retry does not wait', find: 'Math.round(retry.dueAt)', replace: 'nowMs' },
  {
    ...SETTLE,
    name: 'what is unknown is told nowhere',
    find: "case 'unknown':\n      return true;",
    replace: "case 'unknown':\n      return false;",
  },
  {
    ...RESOLVE,
    name: 'news and its end are both sent',
    find: "await suppressPending(sql, targetId, 'resolved_first', nowMs)",
    replace: 'false',
  },
  {
    ...RESOLVE,
    name: 'the first of two alerts ends the message',
    find: 'const isOver = firing === undefined',
    replace: 'const isOver = firing !== null',
  },
  { ...DIGEST, name: 'a digest for every refusal', find: 'nowMs - DIGEST_SPAN_MS', replace: 'nowMs' },
  { ...of('format/escape.ts', MESSAGES), name: 'ampersands pass', find: "'&': '&amp;', ", replace: '' },
  { ...of('format/escape.ts', MESSAGES), name: 'direction marks pass', find: '\\u202a-\\u202e', replace: '\\u202f' },
  {
    ...of('format/length.ts', MESSAGES),
    name: 'lines of forty',
    find: 'MAX_LINE_LENGTH = 39',
    replace: 'MAX_LINE_LENGTH = 40',
  },
  {
    ...of('format/length.ts', MESSAGES),
    name: 'messages of five hundred',
    find: 'MAX_MESSAGE_LENGTH = 499',
    replace: 'MAX_MESSAGE_LENGTH = 520',
  },
  { ...of('format/figures.ts', MESSAGES), name: 'a thousand thousands', find: 'size * 0.9995', replace: 'size' },
  {
    ...REASON,
    name: 'a lost connection is safe to repeat',
    find: "'UND_ERR_CONNECT_TIMEOUT',",
    replace: "'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET',",
  },
  {
    ...REASON,
    name: 'retry_after only from its parameter',
    find: 'parameter ?? Number(/retry after (\\d+)/i.exec(description)?.[1] ?? DEFAULT_RETRY_AFTER_SECONDS)',
    replace: 'parameter ?? DEFAULT_RETRY_AFTER_SECONDS',
  },
  {
    ...PACING,
    name: 'retry_after in the wrong unit',
    find: 'closedUntil: at + retryAfterMs',
    replace: 'closedUntil: at + retryAfterMs / 1_000',
  },
  { ...PACE, name: 'groups without their minute', find: 'GROUP_PER_MINUTE = 20', replace: 'GROUP_PER_MINUTE = 60' },
  {
    ...of('webhook/intake.ts', ['webhook/intake.test.ts']),
    name: 'a storm is read all at once',
    find: 'readingBytes + bytes <= budgetBytes',
    replace: 'readingBytes + bytes > 0',
  },
  {
    ...of('liveness/canary.ts', ['liveness/canary.test.ts']),
    name: 'a canary counts once for each Alertmanager',
    find: 'if (startsAt === lastStartsAt) return;',
    replace: '',
  },
  {
    ...of('model/alert.ts', ['liveness/canary.test.ts']),
    name: 'every alert called Canary is swallowed',
    find: "labels.alertname === 'Canary' && labels.category === 'stack'",
    replace: "labels.alertname === 'Canary'",
  },
  {
    ...CREDENTIAL,
    name: 'an empty credential passes',
    find: 'let isKnown = false',
    replace: "let isKnown = authorization === ''",
  },
  {
    ...CREDENTIAL,
    name: 'only the newest token is known',
    find: 'timingSafeEqual(token, given) || isKnown',
    replace: 'timingSafeEqual(token, given)',
  },
];
