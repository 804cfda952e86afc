// Mutants of messages, Telegram, webhook and liveness: the ways in which a message can be refused, misread or forged.
import type { Mutant } from './mutant.ts';

const of = (...tests: readonly string[]) => ({ tests: tests.map((test) => `tests/alert-bridge/${test}`) });

const MESSAGES = of('format/messages.test.ts', 'format/figures.test.ts', 'format/hostile.test.ts');
const REASON = of('telegram/reason.test.ts');
const PACING = of('telegram/pacing.test.ts');
const CREDENTIAL = of('webhook/webhook.test.ts');

export const mutants: readonly Mutant[] = [
  { ...MESSAGES, in: 'ENTITIES', room: 'format', name: 'ampersands pass', find: "'&': '&amp;', ", replace: '' },
  { ...MESSAGES, in: 'cleanLine', name: 'direction marks pass', find: '\\u202a-\\u202e', replace: '\\u202f' },
  {
    ...MESSAGES,
    in: 'MAX_LINE_LENGTH',
    name: 'lines of forty',
    find: 'MAX_LINE_LENGTH = 39',
    replace: 'MAX_LINE_LENGTH = 40',
  },
  {
    ...MESSAGES,
    in: 'MAX_MESSAGE_LENGTH',
    name: 'messages of five hundred',
    find: 'MAX_MESSAGE_LENGTH = 499',
    replace: 'MAX_MESSAGE_LENGTH = 520',
  },
  { ...MESSAGES, in: 'shorten', name: 'a thousand thousands', find: 'size * 0.9995', replace: 'size' },
  {
    ...REASON,
    in: 'NEVER_SENT',
    name: 'a lost connection is safe to repeat',
    find: "'UND_ERR_CONNECT_TIMEOUT',",
    replace: "'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET',",
  },
  {
    ...REASON,
    in: 'readRetryAfter',
    name: 'retry_after only from its parameter',
    find: 'parameter ?? Number(/retry after (\\d+)/i.exec(description)?.[1] ?? DEFAULT_RETRY_AFTER_SECONDS)',
    replace: 'parameter ?? DEFAULT_RETRY_AFTER_SECONDS',
  },
  {
    ...PACING,
    in: 'createPacer',
    name: 'retry_after in the wrong unit',
    find: 'closedUntil: at + retryAfterMs',
    replace: 'closedUntil: at + retryAfterMs / 1_000',
  },
  {
    ...PACING,
    in: 'GROUP_PER_MINUTE',
    name: 'groups without their minute',
    find: 'GROUP_PER_MINUTE = 20',
    replace: 'GROUP_PER_MINUTE = 60',
  },
  {
    ...of('webhook/intake.test.ts'),
    in: 'createIntake',
    name: 'a storm is read all at once',
    find: 'readingBytes + bytes <= budgetBytes',
    replace: 'readingBytes + bytes > 0',
  },
  {
    ...of('liveness/canary.test.ts'),
    in: 'createCanary',
    name: 'a canary counts once for each Alertmanager',
    find: 'if (startsAt === lastStartsAt) return;',
    replace: '',
  },
  {
    ...of('liveness/canary.test.ts'),
    in: 'lifeSignOf',
    name: 'every alert called Canary is swallowed',
    find: "labels.alertname === 'Canary' && labels.category === 'stack'",
    replace: "labels.alertname === 'Canary'",
  },
  {
    ...CREDENTIAL,
    in: 'createCredentialCheck',
    name: 'an empty credential passes',
    find: 'let isKnown = false',
    replace: "let isKnown = authorization === ''",
  },
  {
    ...CREDENTIAL,
    in: 'createCredentialCheck',
    name: 'only the newest token is known',
    find: 'timingSafeEqual(token, given) || isKnown',
    replace: 'timingSafeEqual(token, given)',
  },
];
