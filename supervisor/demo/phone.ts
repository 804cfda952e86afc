// The phone of the demo: shows in the terminal what arrived at the simulator of Telegram, and each edit of it.
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../../common/env.ts';
import { drawMessage } from '../../common/terminal-box.ts';
import type { TelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';

const LOOK_EVERY_MS = 100;

/** Points the bridge at the simulator, as a user with a token and a chat would point it at Telegram. */
export function phoneEnvironment(telegram: Pick<TelegramSimulator, 'url'>): Environment {
  return { TELEGRAM_API_URL: telegram.url, TELEGRAM_BOT_TOKEN: '1:demo', TELEGRAM_CHAT_ID: '1001' };
}

/** Shows until the signal aborts. */
export async function showPhone(
  telegram: Pick<TelegramSimulator, 'messages'>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const shown = new Map<number, number>();
  while (!signal.aborted) {
    for (const { messageId, texts, isSilent } of telegram.messages) {
      for (const [index, text] of [...texts.entries()].slice(shown.get(messageId) ?? 0)) {
        const how = index > 0 ? ', edited' : isSilent ? ', without sound' : '';
        say(drawMessage(`📱 Telegram, message ${messageId}${how}`, text));
      }
      shown.set(messageId, texts.length);
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
