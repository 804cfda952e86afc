// What the simulator of Telegram refuses to send, edit and delete.
import t, { type Test } from 'tap';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';

async function startBot(t: Test) {
  const telegram = await startTelegramSimulator({ knownChats: ['100'] });
  t.teardown(() => telegram.close());
  const call = async (method: string, parameters: Readonly<Record<string, unknown>>, path = '/bot1:test-token') => {
    const response = await fetch(`${telegram.url}${path}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    const answer: object = JSON.parse(await response.text());
    return { status: response.status, ...answer };
  };
  return { telegram, call };
}

t.test('refuses messages as the Bot API does', async (t) => {
  const { telegram, call } = await startBot(t);

  for (const [parameters, description] of [
    [{ chat_id: '100', text: ' ' }, 'Bad Request: message text is empty'],
    [{ chat_id: '100' }, 'Bad Request: message text is empty'],
    [{ chat_id: '100', text: 'x'.repeat(4_097) }, 'Bad Request: message is too long'],
    [{ chat_id: '100', text: '<b>', parse_mode: 'HTML' }, /can't parse entities/],
    [{ chat_id: '7', text: 'x' }, 'Bad Request: chat not found'],
  ] as const) {
    t.match(await call('sendMessage', parameters), { status: 400, ok: false, description });
  }
  t.same(telegram.messages, []);
});

t.test('edits and deletes only what is there', async (t) => {
  const { telegram, call } = await startBot(t);
  await call('sendMessage', { chat_id: '100', text: '<b>first</b>', parse_mode: 'HTML' });
  const [sent] = telegram.messages;
  const own = { chat_id: '100', message_id: sent?.messageId };

  t.match(await call('editMessageText', { ...own, message_id: 99, text: 'x' }), { status: 400 });
  t.match(await call('editMessageText', { ...own, text: 'first' }), { status: 400, description: /not modified/ });
  t.match(await call('editMessageText', { ...own, text: ' ' }), { status: 400, description: /empty/ });
  t.match(await call('editMessageText', { ...own, text: 'second' }), { status: 200, result: { text: 'second' } });
  t.match(await call('editMessageReplyMarkup', { ...own, message_id: 99 }), { status: 400 });
  t.match(await call('editMessageReplyMarkup', own), { status: 200 });
  t.match(await call('deleteMessage', own), { status: 200, result: true });
  t.match(await call('deleteMessage', own), { status: 400, description: /message to delete not found/ });
  t.same(telegram.messages[0]?.texts, ['first', 'second']);
});

t.test('knows no other method, and no address without a token', async (t) => {
  const { call } = await startBot(t);

  t.match(await call('sendDice', {}), { status: 404, description: 'Not Found: method not found' });
  t.match(await call('sendMessage', {}, ''), { status: 404 });
});
