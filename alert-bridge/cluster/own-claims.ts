// A bridge that stood still past its lease counts as dead, and another one has taken its messages: it must not send them.
import type { Outcome } from '../outbox/outcome.ts';
import type { Sender } from '../telegram/sender.ts';

/** Certainly not sent. Recording this outcome then fails, because the claim belongs to another bridge. */
const NOT_OURS: Outcome = { type: 'healable', reason: 'network' };

export function sendOnlyWhileAlive(sender: Sender, isAlive: () => boolean): Sender {
  return {
    send: async (chat, text, options) => (isAlive() ? sender.send(chat, text, options) : NOT_OURS),
    edit: async (chat, messageId, text) => (isAlive() ? sender.edit(chat, messageId, text) : NOT_OURS),
    close: () => sender.close(),
  };
}
