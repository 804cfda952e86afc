// The Bot API for commands and buttons: polls updates, replies, answers callback queries. It has connections of its own, so
// that a long poll never holds up an alert; replies count against the same limits as alerts do.

import { Bot } from 'node-telegram-bot-api';
import type { Keyboard } from '../format/buttons.ts';
import { createTelegramHttp } from './http.ts';
import type { Place } from './incoming.ts';
import { toInlineKeyboard } from './keyboard.ts';
import type { Pacer } from './pacing.ts';
import type { UpdateSource } from './updates.ts';

export interface BotClient extends UpdateSource {
  /** Plain text: nothing in it is markup. */
  reply(place: Place, text: string): Promise<void>;
  /** The text that pops up over a pressed button; Telegram waits for it after each press. */
  answerCallbackQuery(id: string, text: string): Promise<void>;
  showKeyboard(place: Place, messageId: number, keyboard: Keyboard): Promise<void>;
  /** The bot's own @name, without the @. */
  username(signal: AbortSignal): Promise<string | undefined>;
  /** What the client offers when somebody types `/`. */
  publishCommands(commands: readonly { readonly command: string; readonly description: string }[]): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 200;
const MAX_REPLY = 4_000;

export function createBotClient(token: string, apiUrl: string, pacer: Pick<Pacer, 'started' | 'answered'>): BotClient {
  const http = createTelegramHttp(5_000);
  const { api } = new Bot(token, { apiRoot: apiUrl, timeoutMs: TIMEOUT_MS, maxRetries: 0, fetch: http.fetch });
  return {
    getUpdates: (offset, timeoutSeconds, signal) =>
      api.getUpdates(
        {
          timeout: timeoutSeconds,
          allowed_updates: ['message', 'callback_query'],
          ...(offset === undefined ? {} : { offset }),
        },
        signal,
      ),
    async reply({ chatId, threadId }, text) {
      const chat = { key: chatId, chatId, threadId };
      pacer.started(chat);
      try {
        await api.sendMessage({
          chat_id: Number(chatId),
          text: text.slice(0, MAX_REPLY).toWellFormed(),
          link_preview_options: { is_disabled: true },
          disable_notification: true,
          ...(threadId === undefined ? {} : { message_thread_id: threadId }),
        });
      } finally {
        pacer.answered(chat);
      }
    },
    async answerCallbackQuery(id, text) {
      await api.answerCallbackQuery({ callback_query_id: id, text: text.slice(0, MAX_ANSWER).toWellFormed() });
    },
    async showKeyboard({ chatId }, messageId, keyboard) {
      await api.editMessageReplyMarkup({
        chat_id: Number(chatId),
        message_id: messageId,
        reply_markup: toInlineKeyboard(keyboard),
      });
    },
    username: async (signal) => (await api.getMe(signal)).username,
    async publishCommands(commands) {
      await api.setMyCommands({ commands: [...commands] });
    },
    close: () => http.close(),
  };
}
