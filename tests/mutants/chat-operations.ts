// Mutants of the rooms that face people: the ways in which somebody is not told, told at night, silenced by a stranger, or
// shown a record better than it is.
import type { Mutant } from './mutant.ts';

const of = (name: string, tests: readonly string[]) => ({
  file: `alert-bridge/${name}`,
  tests: tests.map((test) => `tests/alert-bridge/${test}`),
});

const QUIET = of('model/quiet-hours.ts', ['model/quiet-hours.test.ts']);
const SUBSCRIPTION = of('model/subscription.ts', ['model/subscription.test.ts']);
const CHANGE = of('subscriptions/change.ts', ['model/subscription.test.ts']);
const ADMISSION = ['subscriptions/admission.test.ts'];
const SCOPE = of('model/silence-scope.ts', ['model/silence-scope.test.ts']);
const DURATION = of('silences/duration.ts', ['model/silence-scope.test.ts']);
const SILENCES = of('silences/silence-service.ts', ['commands/update-handler.test.ts', 'page/api.test.ts']);
const UPDATES = ['commands/update-handler.test.ts'];
const HORIZONS = of('scorecard/horizons.ts', ['scorecard/scorecard.test.ts']);
const SCORECARD = of('scorecard/scorecard.ts', ['scorecard/scorecard.test.ts']);
const TRACKER = ['scorecard/tracker.test.ts'];
const API = ['page/api.test.ts'];
const HTML = {
  file: 'common/html.ts',
  tests: ['tests/common/html.test.ts', 'tests/alert-bridge/page/escaping.test.ts'],
};

export const mutants: readonly Mutant[] = [
  {
    ...QUIET,
    name: 'a night over midnight is never quiet',
    find: 'minute >= from || minute < to',
    replace: 'minute >= from && minute < to',
  },
  { ...QUIET, name: 'summer time is forgotten', find: 'return end - drift * MINUTE_MS', replace: 'return end' },
  {
    ...QUIET,
    name: 'the last minute is still quiet',
    find: 'minute >= from && minute < to',
    replace: 'minute >= from && minute <= to',
  },
  {
    ...SUBSCRIPTION,
    name: 'the lowest priority is the highest',
    find: 'PRIORITIES.indexOf(facts.priority) <= ',
    replace: 'PRIORITIES.indexOf(facts.priority) >= ',
  },
  {
    ...SUBSCRIPTION,
    name: 'high is muted at night',
    find: 'quiet.isAll || facts.priority ===',
    replace: 'quiet.isAll || facts.priority !==',
  },
  {
    ...SUBSCRIPTION,
    name: 'medium rings at night',
    find: "isSilent: facts.priority !== 'high'",
    replace: 'isSilent: false',
  },
  {
    ...SUBSCRIPTION,
    name: 'an excepted symbol is told',
    find: '!exceptSymbols.includes(symbol) && (',
    replace: '(',
  },
  {
    ...SUBSCRIPTION,
    name: 'a pause is ignored',
    find: "if (isPaused) return { type: 'filtered', reason: 'paused' };",
    replace: '',
  },
  {
    ...CHANGE,
    name: 'leaving one symbol out of all leaves none',
    find: 'subscription.symbols === undefined',
    replace: 'subscription.symbols !== undefined',
  },
  {
    ...of('outbox/sql/digest.ts', ADMISSION),
    name: 'a digest of the night every hour',
    find: 'delayMs > 0 ? await findWaitingDigest',
    replace: 'delayMs < 0 ? await findWaitingDigest',
  },
  {
    ...of('outbox/sql/claim.ts', ADMISSION),
    name: 'a restart sends the digest of the night at once',
    find: 'nowMs + LONGEST_QUIET_MS',
    replace: 'nowMs',
  },
  {
    ...of('outbox/sql/notices.ts', ADMISSION),
    name: 'notices ring through everything',
    find: 'quiet?.isAll === true',
    replace: 'quiet?.isAll === false',
  },
  {
    ...of('outbox/sql/recipients.ts', ADMISSION),
    name: 'whoever was added hears of the stack unasked',
    find: "category !== 'stack' || (await",
    replace: 'true || (await',
  },
  { ...SCOPE, name: 'nothing covers everything', find: 'scope.length > 0 && ', replace: '' },
  {
    ...SCOPE,
    name: 'one equal label is enough',
    find: 'scope.every(({ name, value })',
    replace: 'scope.some(({ name, value })',
  },
  { ...DURATION, name: 'an hour of sixty seconds', find: 'h: 3_600_000', replace: 'h: 60_000' },
  { ...DURATION, name: 'no time at all', find: 'total > 0 ? total', replace: 'total >= 0 ? total' },
  { ...SILENCES, name: 'a silence without end', find: 'durationMs > MAX_SILENCE_MS || ', replace: '' },
  {
    ...SILENCES,
    name: 'two silences of one scope',
    find: 'if (replaced) await',
    replace: 'if (replaced && false) await',
  },
  {
    ...SILENCES,
    name: 'every silence hides every alert',
    find: 'alert.silencedBy.includes(alertmanagerId)',
    replace: 'alertmanagerId.length > 0',
  },
  {
    ...of('commands/rights.ts', UPDATES),
    name: 'a group gives rights',
    find: "? 'stranger' : 'member'",
    replace: "? 'stranger' : 'admin'",
  },
  {
    ...of('commands/callback-queries.ts', ['commands/rights.test.ts']),
    name: 'anybody in the chat silences with a button',
    find: '!isEnough(rights, action.needs)',
    replace: 'false',
  },
  {
    ...of('commands/update-handler.ts', ['commands/rights.test.ts']),
    name: 'a member changes what the whole group hears',
    find: 'incoming.place.isPrivate ? needs : needsInGroup',
    replace: 'needs',
  },
  {
    ...of('commands/update-handler.ts', UPDATES),
    name: 'a stranger makes the bot shout',
    find: 'last !== undefined && now - last < REFUSAL_GAP_MS',
    replace: 'last === undefined && now < 0',
  },
  {
    ...of('telegram/updates.ts', UPDATES),
    name: 'two pollers fight for ever',
    find: 'error.errorCode === 409',
    replace: 'error.errorCode === 499',
  },
  {
    ...of('commands/message-buttons.ts', UPDATES),
    name: 'buttons that nobody hears',
    find: 'if (!isHeard()) return links;',
    replace: '',
  },
  {
    ...of('reactions/escalation.ts', UPDATES),
    name: 'the reminder comes when nobody needs it any more',
    find: 'ESCALATION_MS = 300_000',
    replace: 'ESCALATION_MS = 3_000_000',
  },
  {
    ...HORIZONS,
    name: 'only a rise is a move',
    find: 'Math.abs(price / first.price - 1)',
    replace: '(price / first.price - 1)',
  },
  {
    ...SCORECARD,
    name: 'a missed target is no data',
    find: "medianSeconds === undefined ? 'missed'",
    replace: "medianSeconds === undefined ? 'no data'",
  },
  { ...SCORECARD, name: 'any share is useful enough', find: 'value >= target ?', replace: 'value >= 0 ?' },
  {
    ...of('scorecard/tracker.ts', TRACKER),
    name: 'what Prometheus does not know yet is given up',
    find: 'if (ratio === undefined && !isHopeless) continue;',
    replace: '',
  },
  {
    ...of('scorecard/sql-track.ts', TRACKER),
    name: 'alerts that nobody got are scored',
    find: ' IS NOT NULL LIMIT 500',
    replace: ' IS NOT -1 LIMIT 500',
  },
  {
    ...of('page/form-guard.ts', API),
    name: 'another page may post our forms',
    find: 'new URL(origin).host === host',
    replace: 'host !== undefined',
  },
  {
    ...of('page/form-guard.ts', API),
    name: 'forms need no token',
    find: 'timingSafeEqual(digest(given), digest(token))',
    replace: 'timingSafeEqual(digest(token), digest(token))',
  },
  {
    ...of('page/api.ts', API),
    name: 'the API is open on loopback',
    find: 'createAccessCheck({ ...access, isLoopback: false })',
    replace: 'createAccessCheck(access)',
  },
  { ...HTML, name: 'tags pass into the page', find: "'<': '&lt;',", replace: '' },
  {
    ...HTML,
    name: 'a list of markup is not joined',
    find: ".join('');\n  return String",
    replace: ".join(',');\n  return String",
  },
];
