// Telegram's limits, kept before Telegram has to say so: 30 messages a second in all, one a second per chat, 20 a minute
// per group. What Telegram says all the same is obeyed, and slows everything down for a while. Pure but for the clock.
import type { Clock } from '../../common/clock.ts';
import { type ChatAddress, isGroup } from '../chat.ts';

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

const OVERALL_PER_SECOND = 30;
const OVERALL_KEPT_FOR_HIGH = 4;
/** From the answer to the next request: Telegram counts arrivals, and none of them is later than its answer. */
const CHAT_GAP_MS = 1_005;
const GROUP_PER_MINUTE = 20;
const GROUP_KEPT_FOR_HIGH = 4;
const GROUP_WINDOW_MS = 60_500;
/** A little over a second, because arrivals jitter. */
const SECOND_MS = 1_020;
/** After a refusal the pace is divided by this, and recovers one step a minute. */
const SLOWDOWN = 1.5;
const MAX_SLOWDOWN = 8;
const RECOVERY_MS = 60_000;

interface ChatPace {
  lastAt: number;
  closedUntil: number;
  /** Times of the last minute; groups alone. */
  readonly minute: number[];
}

export function createPacer(clock: Clock): Pacer {
  const chats = new Map<string, ChatPace>();
  const second: number[] = [];
  let slowdown = 1;
  let slowedAt = 0;

  const now = () => clock.monotonicMs();
  // Topics of one group share the group's limits.
  const paceOf = (chat: ChatAddress): ChatPace => {
    const known = chats.get(chat.chatId);
    if (known) return known;
    const pace = { lastAt: Number.NEGATIVE_INFINITY, closedUntil: 0, minute: [] };
    chats.set(chat.chatId, pace);
    return pace;
  };
  const presentSlowdown = () => Math.max(1, slowdown / SLOWDOWN ** Math.floor((now() - slowedAt) / RECOVERY_MS));

  function overallWait(at: number, isHigh: boolean, factor: number): number {
    drop(second, at - SECOND_MS);
    const limit = Math.max(
      1,
      Math.floor((isHigh ? OVERALL_PER_SECOND : OVERALL_PER_SECOND - OVERALL_KEPT_FOR_HIGH) / factor),
    );
    const blocking = second.at(-limit);
    return blocking === undefined ? 0 : blocking + SECOND_MS - at;
  }

  function groupWait(pace: ChatPace, at: number, isHigh: boolean): number {
    drop(pace.minute, at - GROUP_WINDOW_MS);
    const limit = isHigh ? GROUP_PER_MINUTE : GROUP_PER_MINUTE - GROUP_KEPT_FOR_HIGH;
    const blocking = pace.minute.at(-limit);
    return blocking === undefined ? 0 : blocking + GROUP_WINDOW_MS - at;
  }

  return {
    waitMs(chat, isHigh) {
      if (chat.chatId === 'terminal') return 0;
      const at = now();
      const factor = presentSlowdown();
      const pace = paceOf(chat);
      return Math.max(
        0,
        pace.lastAt + CHAT_GAP_MS * Math.min(factor, 2) - at,
        pace.closedUntil - at,
        isGroup(chat.chatId) ? groupWait(pace, at, isHigh) : 0,
        overallWait(at, isHigh, factor),
      );
    },
    started(chat) {
      if (chat.chatId === 'terminal') return;
      const at = now();
      const pace = paceOf(chat);
      pace.lastAt = at;
      second.push(at);
      if (isGroup(chat.chatId)) pace.minute.push(at);
    },
    answered(chat) {
      paceOf(chat).lastAt = now();
    },
    refused(chat, retryAfterMs) {
      const at = now();
      paceOf(chat).closedUntil = at + retryAfterMs;
      slowdown = Math.min(MAX_SLOWDOWN, presentSlowdown() * SLOWDOWN);
      slowedAt = at;
    },
  };
}

/** Times are in order: forgets those at or before `until`. */
function drop(times: number[], until: number): void {
  const keep = times.findIndex((time) => time > until);
  times.splice(0, keep === -1 ? times.length : keep);
}
