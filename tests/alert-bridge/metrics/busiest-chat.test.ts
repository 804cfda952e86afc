import { Registry } from 'prom-client';
import t from 'tap';
import { registerBusiestChat } from '../../../alert-bridge/metrics/busiest-chat.ts';
import type { ChatAddress } from '../../../alert-bridge/model/chat.ts';
import { createManualClock } from '../support/clocks.ts';

const chat = (chatId: string): ChatAddress => ({ key: chatId, chatId, threadId: undefined });

function open() {
  const clock = createManualClock();
  const registry = new Registry();
  const busiest = registerBusiestChat(registry, clock);
  const read = async () => {
    const text = await registry.metrics();
    return Number(/^alertbridge_busiest_chat_messages (\d+)$/m.exec(text)?.[1]);
  };
  return { clock, busiest, read };
}

t.test('the chat with most messages of the last minute is told, and no other adds to it', async (t) => {
  const { clock, busiest, read } = open();
  t.equal(await read(), 0);
  for (let count = 0; count < 21; count += 1) busiest.sent(chat('100'));
  busiest.sent(chat('200'));
  busiest.sent({ key: '100/7', chatId: '100', threadId: 7 });
  t.equal(await read(), 22, 'topics of a group are one chat');
  clock.advance(59_999);
  t.equal(await read(), 22);
  clock.advance(1);
  t.equal(await read(), 0);
});

t.test('a flood costs bounded memory', async (t) => {
  const { clock, busiest, read } = open();
  for (let count = 0; count < 5_000; count += 1) busiest.sent(chat('100'));
  t.equal(await read(), 200);
  for (let count = 0; count < 300; count += 1) {
    busiest.sent(chat(String(count)));
    clock.advance(1_000);
  }
  t.equal(await read(), 1);
});
