// A bridge that stood still past its lease has been taken for dead, and its messages are another's: it must not send them.
import type { Outcome } from '../outbox/outcome.ts';
import type { Sender } from '../telegram/sender.ts';

/** Certainly not sent. What to do about it is decided when that cannot be recorded: the claim is another's. */
const NOT_OURS: Outcome = { type: 'healable', reason: 'network' };

export function sendOnlyWhileAlive(sender: Sender, isAlive: () => boolean): Sender {
  return {
    send: async (chat, text, options) => (isAlive() ? sender.send(chat, text, options) : NOT_OURS),
    edit: async (chat, messageId, text) => (isAlive() ? sender.edit(chat, messageId, text) : NOT_OURS),
    close: () => sender.close(),
  };
}
