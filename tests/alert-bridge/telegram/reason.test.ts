import { NetworkError, ParseError, TelegramApiError, TimeoutError } from 'node-telegram-bot-api';
import t, { type Test } from 'tap';
import type { Outcome } from '../../../alert-bridge/outbox/outcome.ts';
import { nextStep } from '../../../alert-bridge/outbox/retry-policy.ts';
import { classifyError } from '../../../alert-bridge/telegram/reason.ts';
import { createTelegramSender } from '../../../alert-bridge/telegram/telegram-sender.ts';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { isDataMissing, readJson, readLines } from '../support/shared-data.ts';

const CHAT = { key: '100', chatId: '100', threadId: undefined };
const TEXT = { html: 'a &amp; b', plain: 'a & b' };
const LOUD = { isSilent: false };

async function openSender(t: Test, timeoutMs = 2_000) {
  const telegram = await startTelegramSimulator();
  const sender = createTelegramSender({ token: '1:test-token', apiUrl: telegram.url, timeoutMs });
  t.teardown(async () => {
    await sender.close();
    await telegram.close();
  });
  return { telegram, sender };
}

t.test('every status from 200 to 599, with a body that is no answer, has its outcome', async (t) => {
  const { telegram, sender } = await openSender(t);
  const expected = (status: number): string => {
    if (status === 200) return 'ambiguous';
    // fetch itself gives up on 407 without showing the answer, and repeats a 421 once, as HTTP says it may.
    if (status === 407) return 'ambiguous';
    if (status === 421) return 'delivered';
    if (status === 429 || status === 420) return 'rate_limited';
    if (status >= 500 || status === 408 || status === 425) return 'healable';
    return status === 403 ? 'forbidden' : 'permanent';
  };
  for (let status = 200; status <= 599; status += 1) {
    // A status that allows no body is cut short by Node's server itself.
    telegram.answerNext({ type: 'raw', status, body: status === 204 || status === 304 ? '' : '<html>proxy</html>' });
    const outcome = await sender.send(CHAT, TEXT, LOUD);
    t.equal(outcome.type, expected(status), `status ${status}`);
  }
});

t.test('every error code from 100 to 599 ends in one step of the policy', (t) => {
  for (let code = 100; code <= 599; code += 1) {
    const answer = classifyError(new TelegramApiError(code, `Error ${code}`));
    const step = answer.type === 'bad_markup' || answer.type === 'not_modified' ? undefined : nextStep(answer, 0);
    const expected = code >= 500 || [408, 425, 429, 420].includes(code) ? 'retry' : 'dead';
    t.equal(step?.type, expected, `code ${code}`);
  }
  t.end();
});

t.test('words decide what a 400 or an old 401 means', (t) => {
  const cases: readonly (readonly [number, string, string])[] = [
    [400, 'Bad Request: can\'t parse entities: Unsupported start tag "br/" at byte offset 43', 'bad_markup'],
    [400, 'Bad Request: message is not modified: specified new message content', 'not_modified'],
    [400, 'Bad Request: message to edit not found', 'message_gone'],
    [400, 'Bad Request: MESSAGE_ID_INVALID', 'message_gone'],
    [400, "Bad Request: message can't be edited", 'edit_refused'],
    [400, 'Bad Request: there is no text in the message to edit', 'edit_refused'],
    [400, 'Bad Request: message is too long', 'permanent:too_long'],
    [400, 'Bad Request: MESSAGE_TOO_LONG', 'permanent:too_long'],
    [400, 'Bad Request: chat not found', 'permanent:chat_not_found'],
    [400, 'Bad Request: group is deactivated', 'permanent:chat_not_found'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'forbidden'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'forbidden'],
    [400, 'Bad Request: message text is empty', 'permanent:bad_request'],
    [401, 'Unauthorized', 'permanent:unauthorized'],
    [401, 'Unauthorized: bot was kicked from a chat', 'forbidden'],
    [403, 'Forbidden: bot was blocked by the user', 'forbidden'],
    [404, 'Not Found', 'permanent:unauthorized'],
    [409, 'Conflict: terminated by other getUpdates request', 'permanent:conflict'],
    [413, 'Request Entity Too Large', 'permanent:too_long'],
    [418, 'teapot', 'permanent:unexpected_answer'],
  ];
  for (const [code, description, expected] of cases) {
    const answer = classifyError(new TelegramApiError(code, description));
    t.equal('reason' in answer ? `${answer.type}:${answer.reason}` : answer.type, expected, description);
  }
  t.end();
});

t.test('how long to wait is read from the parameter, then from the words, then assumed', (t) => {
  const seconds = (error: TelegramApiError) => {
    const answer = classifyError(error);
    return answer.type === 'rate_limited' ? answer.retryAfterSeconds : undefined;
  };
  t.equal(seconds(new TelegramApiError(429, 'Too Many Requests: retry after 8', { retry_after: 8 })), 8);
  t.equal(seconds(new TelegramApiError(429, 'Too Many Requests: retry after 23')), 23);
  t.equal(seconds(new TelegramApiError(429, 'Too Many Requests')), 5);
  t.equal(seconds(new TelegramApiError(429, '', { retry_after: -1 })), 5);
  t.equal(seconds(new TelegramApiError(429, '', { retry_after: 1e9 })), 3_600);
  t.end();
});

t.test('a migration carries the new address', (t) => {
  const error = new TelegramApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: -1001,
  });
  t.same(classifyError(error), { type: 'migrated', chatId: '-1001' });
  t.end();
});

t.test('a connection that was never made is safe to repeat, one that was lost is not', (t) => {
  const system = (code: string) => Object.assign(new Error(code), { code });
  const wrapped = (code: string) =>
    new NetworkError('failed', { cause: new TypeError('fetch failed', { cause: system(code) }) });
  const both = new AggregateError([system('ECONNREFUSED'), system('ECONNREFUSED')]);
  t.same(classifyError(wrapped('ECONNREFUSED')), { type: 'healable', reason: 'network' });
  t.same(classifyError(wrapped('ENOTFOUND')), { type: 'healable', reason: 'network' });
  t.same(classifyError(new NetworkError('failed', { cause: both })), { type: 'healable', reason: 'network' });
  t.same(classifyError(wrapped('UND_ERR_SOCKET')), { type: 'ambiguous', reason: 'connection_lost' });
  t.same(classifyError(wrapped('ECONNRESET')), { type: 'ambiguous', reason: 'connection_lost' });
  t.same(classifyError(new NetworkError('Server error 502')), { type: 'healable', reason: 'server_error' });
  t.same(classifyError(new TimeoutError()), { type: 'ambiguous', reason: 'timeout' });
  t.same(classifyError(new ParseError('broken')), { type: 'ambiguous', reason: 'unreadable_answer' });
  t.same(classifyError('odd'), { type: 'ambiguous', reason: 'connection_lost' });
  t.end();
});

t.test('every recorded answer of the Bot API is classified', { skip: isDataMissing }, async (t) => {
  const { telegram, sender } = await openSender(t);
  const expected = (status: number, body: string): string => {
    if (/"ok":true/.test(body)) return 'delivered';
    if (/retry_after|"error_code":429/.test(body)) return 'rate_limited';
    if (/migrate_to_chat_id/.test(body)) return 'migrated';
    if (/"error_code":403/.test(body)) return 'forbidden';
    if (status >= 500) return 'healable';
    return 'permanent';
  };
  for (const line of readLines('telegram/bot_api_responses.jsonl')) {
    if (typeof line !== 'object' || line === null || !('raw' in line) || !('http_status' in line)) continue;
    const [status, body] = [Number(line.http_status), String(line.raw)];
    telegram.answerNext({ type: 'raw', status, body });
    const before = telegram.requests.length;
    const outcome = await sender.send(CHAT, TEXT, LOUD);
    if (body.includes("can't parse entities")) {
      // The second try, as plain text, is not scripted and goes through.
      t.equal(outcome.type, 'delivered', body);
      t.equal(telegram.requests.length - before, 2);
    } else t.equal(outcome.type, expected(status, body), body);
  }
});

t.test('every known error description has its outcome', { skip: isDataMissing }, (t) => {
  const list = readJson('telegram/known_error_descriptions.json');
  for (const item of Array.isArray(list) ? list : []) {
    const description = String(item.description);
    const code = description.startsWith('Forbidden') ? 403 : description.startsWith('Unauthorized') ? 401 : 400;
    const answer = classifyError(new TelegramApiError(code, description));
    t.not(answer.type, 'healable', description);
    t.not(answer.type, 'ambiguous', description);
  }
  t.end();
});

t.test('markup that Telegram cannot read goes once more as the same words in plain text', async (t) => {
  const { telegram, sender } = await openSender(t);
  telegram.answerNext({ type: 'error', code: 400, description: "Bad Request: can't parse entities: x" });
  const outcome = await sender.send(CHAT, TEXT, LOUD);
  t.equal(outcome.type, 'delivered');
  t.equal(telegram.messages[0]?.text, 'a & b');
  t.equal(telegram.messages[0]?.parseMode, undefined);
});

t.test('plain text that is refused as well is a permanent fault', async (t) => {
  const { telegram, sender } = await openSender(t);
  const refusal = { type: 'error', code: 400, description: "Bad Request: can't parse entities: x" } as const;
  telegram.answerNext(refusal, refusal);
  t.same(await sender.send(CHAT, TEXT, LOUD), { type: 'permanent', reason: 'bad_request' });
});

t.test('topics, silence and replies travel with the message', async (t) => {
  const { telegram, sender } = await openSender(t);
  const topic = { key: '-100/7', chatId: '-100', threadId: 7 };
  await sender.send(topic, TEXT, { isSilent: true, replyTo: 3 });
  t.match(telegram.messages[0], {
    chatId: '-100',
    threadId: 7,
    isSilent: true,
    replyTo: 3,
    text: 'a & b',
    parseMode: 'HTML',
  });
});

t.test('an edit that changes nothing is a success', async (t) => {
  const { telegram, sender } = await openSender(t);
  await sender.send(CHAT, TEXT, LOUD);
  t.same(await sender.edit(CHAT, 1, TEXT), { type: 'delivered', messageId: 1 });
  t.same(await sender.edit(CHAT, 1, { html: 'new', plain: 'new' }), { type: 'delivered', messageId: 1 });
  t.same(telegram.messages[0]?.texts, ['a & b', 'new']);
  t.same(await sender.edit(CHAT, 99, TEXT), { type: 'message_gone' });
});

const LOST: readonly (readonly ['hang' | 'close_mid_body' | 'broken_json' | 'reset', string])[] = [
  ['hang', 'timeout'],
  ['close_mid_body', 'connection_lost'],
  ['broken_json', 'unreadable_answer'],
  ['reset', 'connection_lost'],
];
for (const [type, reason] of LOST) {
  t.test(`an answer that is lost (${type}) is ambiguous`, async (t) => {
    const { telegram, sender } = await openSender(t, 200);
    telegram.answerNext({ type });
    const outcome: Outcome = await sender.send(CHAT, TEXT, LOUD);
    t.same(outcome, { type: 'ambiguous', reason });
    t.equal(telegram.requests.length, 1, 'and is not repeated in secret');
  });
}

t.test('a port where nobody listens is safe to repeat', async (t) => {
  const { telegram, sender } = await openSender(t);
  await telegram.close();
  t.same(await sender.send(CHAT, TEXT, LOUD), { type: 'healable', reason: 'network' });
});
