// Where messages leave: one interface for Telegram and for the terminal. Knows nothing of queues, retries or order.

import type { MessageText } from '../format/message.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Outcome } from '../outbox/outcome.ts';

export interface SendOptions {
  readonly isSilent: boolean;
  /** The message that this one answers; still sent where that one is gone. */
  readonly replyTo?: number | undefined;
}

export interface Sender {
  /** Sends a new message. Never throws: what went wrong is in the outcome. */
  send(chat: ChatAddress, text: MessageText, options: SendOptions): Promise<Outcome>;
  /** Replaces a message's text; a text that changes nothing counts as delivered. */
  edit(chat: ChatAddress, messageId: number, text: MessageText): Promise<Outcome>;
  close(): Promise<void>;
}
