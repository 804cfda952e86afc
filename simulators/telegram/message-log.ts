// The messages of all chats with their edits: what the real Bot API would keep, and refuse in its words.
import { type ApiAnswer, answers, refuse, succeed } from './answers.ts';
import { parseHtml } from './html.ts';

export type Parameters = Readonly<Record<string, unknown>>;

export interface SentMessage {
  readonly messageId: number;
  readonly chatId: string;
  readonly threadId: number | undefined;
  /** As people see it now, entities read. */
  readonly text: string;
  /** Every text it has had, the first first. */
  readonly texts: readonly string[];
  readonly parseMode: string | undefined;
  readonly isSilent: boolean;
  readonly replyTo: number | undefined;
  readonly keyboard: unknown;
  readonly sentAt: number;
  readonly isDeleted: boolean;
}

export interface MessageLog {
  readonly messages: readonly SentMessage[];
  send(parameters: Parameters): ApiAnswer;
  edit(parameters: Parameters): ApiAnswer;
  editKeyboard(parameters: Parameters): ApiAnswer;
  remove(messageId: number): ApiAnswer;
  nextId(): number;
}

const MAX_TEXT = 4_096;

/** @param knownChats all others are "not found"; `undefined` knows every chat */
export function createMessageLog(knownChats: readonly string[] | undefined): MessageLog {
  const messages: SentMessage[] = [];
  let lastId = 0;

  function fault(parameters: Parameters): string | undefined {
    const text = String(parameters.text ?? '');
    const parsed = parameters.parse_mode === 'HTML' ? parseHtml(text) : { type: 'text' as const, text };
    if (parsed.type === 'refused') return parsed.description;
    if (parsed.text.trim() === '') return 'Bad Request: message text is empty';
    if (parsed.text.length > MAX_TEXT) return 'Bad Request: message is too long';
    const isKnown = knownChats?.includes(String(parameters.chat_id)) ?? true;
    return isKnown ? undefined : answers.chatNotFound.description;
  }

  const find = (parameters: Parameters) =>
    messages.find((message) => message.messageId === Number(parameters.message_id) && !message.isDeleted);

  function replace(message: SentMessage, change: Partial<SentMessage>): ApiAnswer {
    const next = { ...message, ...change };
    messages[messages.indexOf(message)] = next;
    return succeed(toResult(next));
  }

  return {
    messages,
    nextId() {
      lastId += 1;
      return lastId;
    },
    send(parameters) {
      const problem = fault(parameters);
      if (problem) return refuse(400, problem);
      lastId += 1;
      const message = readMessage(lastId, parameters);
      messages.push(message);
      return succeed(toResult(message));
    },
    edit(parameters) {
      const problem = fault(parameters);
      if (problem) return refuse(400, problem);
      const message = find(parameters);
      if (message?.chatId !== String(parameters.chat_id)) return refuse(400, answers.editNotFound.description);
      const text = shownText(parameters);
      const keyboard = parameters.reply_markup;
      const isSame = text === message.text && JSON.stringify(keyboard) === JSON.stringify(message.keyboard);
      if (isSame) return refuse(400, answers.notModified.description);
      return replace(message, { text, texts: [...message.texts, text], keyboard });
    },
    editKeyboard(parameters) {
      const message = find(parameters);
      return message
        ? replace(message, { keyboard: parameters.reply_markup })
        : refuse(400, answers.editNotFound.description);
    },
    remove(messageId) {
      const message = find({ message_id: messageId });
      if (!message) return refuse(400, 'Bad Request: message to delete not found');
      replace(message, { isDeleted: true });
      return succeed(true);
    },
  };
}

/** What the Bot API tells of a message. */
export function toResult(message: SentMessage): object {
  return {
    message_id: message.messageId,
    date: Math.floor(message.sentAt / 1_000),
    chat: { id: Number(message.chatId), type: message.chatId.startsWith('-') ? 'supergroup' : 'private' },
    text: message.text,
  };
}

function readMessage(messageId: number, parameters: Parameters): SentMessage {
  const text = shownText(parameters);
  const { reply_parameters: reply, message_thread_id: thread, parse_mode: mode } = parameters;
  return {
    messageId,
    chatId: String(parameters.chat_id),
    threadId: thread === undefined ? undefined : Number(thread),
    text,
    texts: [text],
    parseMode: mode === undefined ? undefined : String(mode),
    isSilent: String(parameters.disable_notification) === 'true',
    replyTo:
      typeof reply === 'object' && reply !== null && 'message_id' in reply ? Number(reply.message_id) : undefined,
    keyboard: parameters.reply_markup,
    sentAt: Date.now(),
    isDeleted: false,
  };
}

function shownText(parameters: Parameters): string {
  const text = String(parameters.text ?? '');
  const parsed = parameters.parse_mode === 'HTML' ? parseHtml(text) : undefined;
  return parsed?.type === 'text' ? parsed.text : text;
}
