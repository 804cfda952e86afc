// Keeps Telegram's limits in one process, before Telegram refuses. The arithmetic is `outbox/pace.ts`.
import type { Clock } from '../../common/clock.ts';
import type { ChatAddress } from '../model/chat.ts';
import {
  type ChatPace,
  FRESH_CHAT,
  FRESH_OVERALL,
  isPaced,
  type OverallPace,
  paceRefused,
  paceStarted,
  paceWaitMs,
} from '../outbox/pace.ts';

export interface Pacer {
  /** Milliseconds until a message may go to this chat; 0 is now. High priority may use what is kept for it. */
  waitMs(chat: ChatAddress, isHigh: boolean): number;
  /** A request leaves for this chat now. */
  started(chat: ChatAddress): void;
  /** Telegram has answered, or will not: when it counted the request lies between the two. */
  answered(chat: ChatAddress): void;
  /** Telegram refused with `retry_after`. */
  refused(chat: ChatAddress, retryAfterMs: number): void;
}

export function createPacer(clock: Clock): Pacer {
  const chats = new Map<string, ChatPace>();
  let overall: OverallPace = FRESH_OVERALL;
  const now = () => clock.monotonicMs();
  const paceOf = (chat: ChatAddress): ChatPace => chats.get(chat.chatId) ?? FRESH_CHAT;
  return {
    waitMs: (chat, isHigh) => (isPaced(chat) ? paceWaitMs(overall, paceOf(chat), chat, now(), isHigh) : 0),
    started(chat) {
      if (!isPaced(chat)) return;
      const after = paceStarted(overall, paceOf(chat), chat, now());
      overall = after.overall;
      chats.set(chat.chatId, after.pace);
    },
    answered(chat) {
      chats.set(chat.chatId, { ...paceOf(chat), lastAt: now() });
    },
    refused(chat, retryAfterMs) {
      const at = now();
      chats.set(chat.chatId, { ...paceOf(chat), closedUntil: at + retryAfterMs });
      overall = paceRefused(overall, at);
    },
  };
}
