// The sender that the configuration asks for: Telegram with a bot token, else the terminal. Counts every request.
import type { BridgeMetrics } from '../metrics/bridge-metrics.ts';
import type { Sender } from '../telegram/sender.ts';
import { createTelegramSender } from '../telegram/telegram-sender.ts';
import { createTerminalSender } from '../telegram/terminal-sender.ts';

export interface CountedSenderOptions {
  /** `undefined`: messages appear in the terminal. */
  readonly telegramToken: string | undefined;
  readonly telegramApiUrl: string;
}

export function createCountedSender(
  { telegramToken, telegramApiUrl }: CountedSenderOptions,
  writeTerminal: (text: string) => void,
  metrics: Pick<BridgeMetrics, 'requested' | 'plainText'>,
): Sender {
  const sender =
    telegramToken === undefined
      ? createTerminalSender(writeTerminal)
      : createTelegramSender({ token: telegramToken, apiUrl: telegramApiUrl, onPlainText: () => metrics.plainText() });
  return {
    send(chat, text, options) {
      metrics.requested(chat);
      return sender.send(chat, text, options);
    },
    edit(chat, messageId, text) {
      metrics.requested();
      return sender.edit(chat, messageId, text);
    },
    close: () => sender.close(),
  };
}
