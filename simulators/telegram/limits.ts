// The real limits, enforced on demand: one message a second per chat, 20 a minute per group, 30 a second in all.

export interface SendLimits {
  /** Seconds to wait, or `undefined` when the message may pass; a message that passes counts. */
  refusal(chatId: string, atMs: number): number | undefined;
}

/** Telegram allows short bursts and counts coarsely: a little tolerance keeps jitter from looking like a flood. */
const TOLERANCE_MS = 60;

export function createSendLimits(): SendLimits {
  const sent: { readonly chatId: string; readonly atMs: number }[] = [];
  return {
    refusal(chatId, atMs) {
      while (sent[0] && sent[0].atMs < atMs - 60_000) sent.shift();
      const own = sent.filter((message) => message.chatId === chatId);
      const second = sent.filter((message) => message.atMs > atMs - 1_000 + TOLERANCE_MS);
      if (second.some((message) => message.chatId === chatId)) return 1;
      if (chatId.startsWith('-') && own.length >= 20)
        return Math.ceil(((own[0]?.atMs ?? atMs) + 60_000 - atMs) / 1_000);
      if (second.length >= 30) return 1;
      sent.push({ chatId, atMs });
      return undefined;
    },
  };
}
