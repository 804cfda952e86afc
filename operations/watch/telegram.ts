// The watcher's own voice: plain text through the Bot API itself, because the bridge may be what is being rolled back.

import { parseChat } from '../../alert-bridge/model/chat.ts';
import { maskSecrets } from '../../common/logger.ts';
import { call } from '../http-answer.ts';
import type { TelegramSettings } from './settings.ts';
import type { WatchState } from './state.ts';

/** Refused for good: trying again changes nothing. */
const HOPELESS: ReadonlySet<number> = new Set([400, 401, 403, 404]);
const TIMEOUT_MS = 5_000;

type Owed = WatchState['owed'][number];

export type Sent = 'sent' | 'later' | 'hopeless';

/** Sends one owed message. A try whose answer was lost is told as such: Telegram cannot say whether it arrived. */
export async function sendQueued(
  { apiUrl, token }: TelegramSettings,
  { text, chat, triedAt }: Owed,
  say: (line: string) => void,
): Promise<Sent> {
  const address = parseChat(chat);
  if (token === undefined || address === undefined) return 'hopeless';
  const {
    status,
    failure,
    text: answer,
  } = await call({
    url: `${apiUrl}/bot${token}/sendMessage`,
    method: 'POST',
    timeoutMs: TIMEOUT_MS,
    body: {
      chat_id: address.chatId,
      text: triedAt === undefined ? text : `${text}\n(perhaps told before)`,
      ...(address.threadId === undefined ? {} : { message_thread_id: address.threadId }),
    },
  });
  if (status === 200) return 'sent';
  say(
    maskSecrets(
      `! Telegram did not take the message for ${chat}: ${failure ?? `status ${status} ${answer.slice(0, 120)}`}`,
    ),
  );
  return HOPELESS.has(status) ? 'hopeless' : 'later';
}
