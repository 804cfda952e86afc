// Mutants of the rooms that face people: the ways in which somebody is not told, told at night, silenced by a stranger, or
// shown a record better than it is.
import type { Mutant } from './mutant.ts';

const of = (...tests: readonly string[]) => ({ tests: tests.map((test) => `tests/alert-bridge/${test}`) });

const ADMISSION = of('subscriptions/admission.test.ts');
const COMMANDS = of('commands/update-handler.test.ts');
const TRACKER = of('scorecard/tracker.test.ts');
const API = of('page/api.test.ts');
const QUIET = of('model/quiet-hours.test.ts');
const SUBSCRIPTION = of('model/subscription.test.ts');
const SCOPE = of('model/silence-scope.test.ts');
const SILENCING = of('commands/update-handler.test.ts', 'page/api.test.ts');
const HORIZONS = of('scorecard/scorecard.test.ts');

export const mutants: readonly Mutant[] = [
  {
    ...QUIET,
    in: 'quietUntilMs',
    name: 'a night over midnight is never quiet',
    find: 'minute >= from || minute < to',
    replace: 'minute >= from && minute < to',
  },
  {
    ...QUIET,
    in: 'quietUntilMs',
    name: 'summer time is forgotten',
    find: 'return end - drift * MINUTE_MS',
    replace: 'return end',
  },
  {
    ...QUIET,
    in: 'quietUntilMs',
    name: 'the last minute is still quiet',
    find: 'minute >= from && minute < to',
    replace: 'minute >= from && minute <= to',
  },
  {
    ...SUBSCRIPTION,
    in: 'judgeSubscription',
    name: 'the lowest priority is the highest',
    find: 'PRIORITIES.indexOf(facts.priority) <= ',
    replace: 'PRIORITIES.indexOf(facts.priority) >= ',
  },
  {
    ...SUBSCRIPTION,
    in: 'judgeSubscription',
    name: 'high is muted at night',
    find: 'quiet.isAll || facts.priority ===',
    replace: 'quiet.isAll || facts.priority !==',
  },
  {
    ...SUBSCRIPTION,
    in: 'judgeSubscription',
    name: 'medium rings at night',
    find: "isSilent: facts.priority !== 'high'",
    replace: 'isSilent: false',
  },
  {
    ...SUBSCRIPTION,
    in: 'wantsSymbol',
    name: 'an excepted symbol is told',
    find: '!exceptSymbols.includes(symbol) && (',
    replace: '(',
  },
  {
    ...SUBSCRIPTION,
    in: 'judgeSubscription',
    name: 'a pause is ignored',
    find: "if (isPaused) return { type: 'filtered', reason: 'paused' };",
    replace: '',
  },
  {
    ...SUBSCRIPTION,
    in: 'unsubscribe',
    name: 'leaving one symbol out of all leaves none',
    find: 'subscription.symbols === undefined',
    replace: 'subscription.symbols !== undefined',
  },
  {
    ...ADMISSION,
    in: 'addToDigest',
    name: 'a digest of the night every hour',
    find: 'delayMs > 0 ? await findWaitingDigest',
    replace: 'delayMs < 0 ? await findWaitingDigest',
  },
  {
    ...ADMISSION,
    in: 'makeDue',
    name: 'a restart sends the digest of the night at once',
    find: 'nowMs + LONGEST_QUIET_MS',
    replace: 'nowMs',
  },
  {
    ...ADMISSION,
    in: 'enqueueNotice',
    name: 'notices ring through everything',
    find: 'quiet?.isAll === true',
    replace: 'quiet?.isAll === false',
  },
  {
    ...ADMISSION,
    in: 'recipientsOf',
    name: 'whoever was added hears of the stack unasked',
    find: "category !== 'stack' || (await",
    replace: 'true || (await',
  },
  { ...SCOPE, in: 'covers', name: 'nothing covers everything', find: 'scope.length > 0 && ', replace: '' },
  {
    ...SCOPE,
    in: 'covers',
    name: 'one equal label is enough',
    find: 'scope.every(({ name, value })',
    replace: 'scope.some(({ name, value })',
  },
  { ...SCOPE, in: 'UNIT_MS', name: 'an hour of sixty seconds', find: 'h: 3_600_000', replace: 'h: 60_000' },
  {
    ...SCOPE,
    in: 'parseDuration',
    name: 'no time at all',
    find: 'total > 0 ? total',
    replace: 'total >= 0 ? total',
  },
  {
    ...SILENCING,
    in: 'createSilenceService',
    name: 'a silence without end',
    find: 'durationMs > MAX_SILENCE_MS || ',
    replace: '',
  },
  {
    ...SILENCING,
    in: 'createSilenceService',
    name: 'two silences of one scope',
    find: 'if (replaced) await',
    replace: 'if (replaced && false) await',
  },
  {
    ...SILENCING,
    in: 'createSilenceService',
    name: 'every silence hides every alert',
    find: 'alert.silencedBy.includes(alertmanagerId)',
    replace: 'alertmanagerId.length > 0',
  },
  {
    ...COMMANDS,
    in: 'rightsOf',
    name: 'a group gives rights',
    find: "? 'stranger' : 'member'",
    replace: "? 'stranger' : 'admin'",
  },
  {
    ...COMMANDS,
    in: 'follow',
    name: 'anybody in the chat silences with a button',
    find: '!isEnough(rights, action.needs)',
    replace: 'false',
  },
  {
    ...COMMANDS,
    in: 'createUpdateHandler',
    name: 'a member changes what the whole group hears',
    find: 'incoming.place.isPrivate ? needs : needsInGroup',
    replace: 'needs',
  },
  {
    ...COMMANDS,
    in: 'createUpdateHandler',
    name: 'a stranger makes the bot shout',
    find: 'last !== undefined && now - last < REFUSAL_GAP_MS',
    replace: 'last === undefined && now < 0',
  },
  {
    ...COMMANDS,
    in: 'throwFinal',
    name: 'two pollers fight for ever',
    find: 'error.errorCode === 409',
    replace: 'error.errorCode === 499',
  },
  {
    ...COMMANDS,
    in: 'createMessageButtons',
    name: 'buttons that nobody hears',
    find: 'if (!isHeard()) return links;',
    replace: '',
  },
  {
    ...COMMANDS,
    in: 'ESCALATION_MS',
    name: 'the reminder comes when nobody needs it any more',
    find: 'ESCALATION_MS = 300_000',
    replace: 'ESCALATION_MS = 3_000_000',
  },
  {
    ...HORIZONS,
    in: 'leadMs',
    name: 'only a rise is a move',
    find: 'Math.abs(price / first.price - 1)',
    replace: '(price / first.price - 1)',
  },
  {
    ...HORIZONS,
    in: 'scoreOf',
    name: 'a missed target is no data',
    find: "medianSeconds === undefined ? 'missed'",
    replace: "medianSeconds === undefined ? 'no data'",
  },
  {
    ...HORIZONS,
    in: 'resultOf',
    name: 'any share is useful enough',
    find: 'value >= target ?',
    replace: 'value >= 0 ?',
  },
  {
    ...TRACKER,
    in: 'trackPrices',
    name: 'what Prometheus does not know yet is given up',
    find: 'if (ratio === undefined && !isHopeless) continue;',
    replace: '',
  },
  {
    ...TRACKER,
    in: 'UNSCHEDULED',
    name: 'alerts that nobody got are scored',
    find: ' IS NOT NULL LIMIT 500',
    replace: ' IS NOT -1 LIMIT 500',
  },
  {
    ...API,
    in: 'createFormGuard',
    name: 'another page may post our forms',
    find: 'new URL(origin).host === host',
    replace: 'host !== undefined',
  },
  {
    ...API,
    in: 'createFormGuard',
    name: 'forms need no token',
    find: 'timingSafeEqual(digest(given), digest(token))',
    replace: 'timingSafeEqual(digest(token), digest(token))',
  },
  {
    ...API,
    in: 'registerApi',
    name: 'the API is open on loopback',
    find: 'createAccessCheck({ ...access, isLoopback: false })',
    replace: 'createAccessCheck(access)',
  },
  {
    in: 'ENTITIES',
    room: 'common',
    name: 'tags pass into the page',
    find: "'<': '&lt;',",
    replace: '',
    tests: ['tests/common/html.test.ts', 'tests/alert-bridge/page/escaping.test.ts'],
  },
  {
    in: 'markupOf',
    name: 'a list of markup is not joined',
    find: "value.map(markupOf).join('')",
    replace: "value.map(markupOf).join(',')",
    tests: ['tests/common/html.test.ts', 'tests/alert-bridge/page/escaping.test.ts'],
  },
];
