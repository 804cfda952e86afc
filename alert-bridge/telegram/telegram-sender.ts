// Sends and edits through the Bot API: HTML first, the same words as plain text where Telegram cannot read the markup.
import { Bot } from 'node-telegram-bot-api';
import { field } from '../../common/json-shape.ts';
import type { MessageText } from '../format/message.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Outcome } from '../outbox/outcome.ts';
import { createTelegramHttp } from './http.ts';
import { toInlineKeyboard } from './keyboard.ts';
import { type Answer, classifyError } from './reason.ts';
import type { Sender } from './sender.ts';

export interface TelegramSenderOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly timeoutMs?: number;
  /** Called for each message that was only accepted as plain text: a fault in our escaping. */
  readonly onPlainText?: () => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const NO_PREVIEW = { is_disabled: true };

export function createTelegramSender({
  token,
  apiUrl,
  timeoutMs = 10_000,
  onPlainText,
}: TelegramSenderOptions): Sender {
  const http = createTelegramHttp(CONNECT_TIMEOUT_MS);
  // The library's own retries would repeat an ambiguous request in secret.
  const { api } = new Bot(token, { apiRoot: apiUrl, timeoutMs, maxRetries: 0, fetch: http.fetch });

  /** @param fallbackId what `true` stands for: an edit of a message of another kind */
  async function attempt(call: (isHtml: boolean) => Promise<unknown>, fallbackId: number): Promise<Outcome> {
    const first = await answerOf(() => call(true), fallbackId);
    if (first.type === 'not_modified') return { type: 'delivered', messageId: fallbackId };
    if (first.type !== 'bad_markup') return first;
    onPlainText?.();
    const second = await answerOf(() => call(false), fallbackId);
    if (second.type === 'not_modified') return { type: 'delivered', messageId: fallbackId };
    return second.type === 'bad_markup' ? { type: 'permanent', reason: 'bad_request' } : second;
  }

  const body = (text: MessageText, isHtml: boolean) => ({
    ...(isHtml ? { text: text.html, parse_mode: 'HTML' as const } : { text: text.plain }),
    ...(text.keyboard === undefined ? {} : { reply_markup: toInlineKeyboard(text.keyboard) }),
  });

  /** A button that Telegram does not like must not cost the message. */
  async function withoutKeyboardIfRefused(
    text: MessageText,
    work: (text: MessageText) => Promise<Outcome>,
  ): Promise<Outcome> {
    const outcome = await work(text);
    const isRefused = outcome.type === 'permanent' && outcome.reason === 'bad_request';
    return isRefused && text.keyboard !== undefined ? work({ html: text.html, plain: text.plain }) : outcome;
  }

  return {
    send: (chat, wanted, { isSilent, replyTo }) =>
      withoutKeyboardIfRefused(wanted, (text) =>
        attempt(
          (isHtml) =>
            api.sendMessage({
              ...address(chat),
              ...body(text, isHtml),
              link_preview_options: NO_PREVIEW,
              disable_notification: isSilent,
              ...(chat.threadId === undefined ? {} : { message_thread_id: chat.threadId }),
              ...(replyTo === undefined
                ? {}
                : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
            }),
          0,
        ),
      ),
    edit: (chat, messageId, wanted) =>
      withoutKeyboardIfRefused(wanted, (text) =>
        attempt(
          (isHtml) =>
            api.editMessageText({
              ...address(chat),
              message_id: messageId,
              ...body(text, isHtml),
              link_preview_options: NO_PREVIEW,
            }),
          messageId,
        ),
      ),
    close: () => http.close(),
  };
}

function address(chat: ChatAddress): { readonly chat_id: number | string } {
  const id = Number(chat.chatId);
  return { chat_id: Number.isSafeInteger(id) ? id : chat.chatId };
}

async function answerOf(call: () => Promise<unknown>, fallbackId: number): Promise<Answer> {
  try {
    return readMessage(await call(), fallbackId);
  } catch (error) {
    return classifyError(error);
  }
}

function readMessage(result: unknown, fallbackId: number): Outcome {
  const messageId = field(result, 'message_id');
  if (typeof messageId === 'number') return { type: 'delivered', messageId };
  if (result === true && fallbackId > 0) return { type: 'delivered', messageId: fallbackId };
  return { type: 'ambiguous', reason: 'unreadable_answer' };
}
