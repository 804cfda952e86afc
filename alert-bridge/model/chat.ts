// Where messages go: a Telegram chat, or a topic in one, written `id` or `id/thread`; or this terminal.

export interface ChatAddress {
  /** As configured, and the key in the outbox: stays the same when Telegram moves the group. */
  readonly key: string;
  /** Numeric id as text, `@channelname`, or `terminal`. */
  readonly chatId: string;
  readonly threadId: number | undefined;
}

/** Stands for the screen where no Telegram token is set. */
export const TERMINAL_CHAT: ChatAddress = { key: 'terminal', chatId: 'terminal', threadId: undefined };

const SHAPE = /^(-?\d{1,20}|@[A-Za-z]\w{3,})(?:\/(\d{1,15}))?$/;

/** `undefined` when the text is neither `123`, `-100123`, `@channel` nor one of them with `/thread`. */
export function parseChat(text: string): ChatAddress | undefined {
  const match = SHAPE.exec(text);
  const chatId = match?.[1];
  if (!chatId) return undefined;
  const thread = match[2];
  return { key: text, chatId, threadId: thread ? Number(thread) : undefined };
}

/** Groups, supergroups and channels have negative ids; Telegram limits them more (20 messages a minute). */
export function isGroup(chatId: string): boolean {
  return chatId.startsWith('-') || chatId.startsWith('@');
}
