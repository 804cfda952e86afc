// Without a bot token messages appear here, boxed so that they stand out among log lines.
import type { Sender } from './sender.ts';

export function createTerminalSender(write: (text: string) => void): Sender {
  let lastId = 0;
  const show = (title: string, text: string) => {
    const lines = text.split('\n').map((line) => `  │ ${line}`);
    write(`\n  ┌─ ${title}\n${lines.join('\n')}\n  └─\n`);
  };
  return {
    async send(_chat, text) {
      lastId += 1;
      show(`message ${lastId}`, text.plain);
      return { type: 'delivered', messageId: lastId };
    },
    async edit(_chat, messageId, text) {
      show(`message ${messageId}, edited`, text.plain);
      return { type: 'delivered', messageId };
    },
    async close() {},
  };
}
