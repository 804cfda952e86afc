// Telegram's limits: 30 messages a second in all, one a second per chat, 20 a minute per group. When Telegram still refuses
// with `retry_after`, everything slows down for a while. Pure functions over a record of what was sent; one process keeps it
// in memory, several in a database. Times are milliseconds on any clock that does not jump.
import { type ChatAddress, isGroup } from '../model/chat.ts';

/** What was sent to one chat. Topics of one group share the group's limits. */
export interface ChatPace {
  readonly lastAt: number;
  readonly closedUntil: number;
  /** Times of the last minute; groups alone. */
  readonly recent: readonly number[];
}

/** What was sent to all chats together. */
export interface OverallPace {
  /** Times of the last second. */
  readonly recent: readonly number[];
  readonly slowdown: number;
  readonly slowedAt: number;
}

/** Long before any clock began. */
const NEVER = -1e12;
export const FRESH_CHAT: ChatPace = { lastAt: NEVER, closedUntil: NEVER, recent: [] };
export const FRESH_OVERALL: OverallPace = { recent: [], slowdown: 1, slowedAt: 0 };

const OVERALL_PER_SECOND = 30;
const OVERALL_KEPT_FOR_HIGH = 4;
/** From one answer to the next request: Telegram counts when requests arrive, and each arrives before it is answered. */
const CHAT_GAP_MS = 1_005;
const GROUP_PER_MINUTE = 20;
const GROUP_KEPT_FOR_HIGH = 4;
const GROUP_WINDOW_MS = 60_500;
/** A little over a second, because arrivals jitter. */
const SECOND_MS = 1_020;
/** A refusal divides the pace by this; it recovers one step a minute. */
const SLOWDOWN = 1.5;
const MAX_SLOWDOWN = 8;
const RECOVERY_MS = 60_000;

/** Whether Telegram paces the chat at all; the terminal takes whatever comes. */
export function isPaced(chat: ChatAddress): boolean {
  return chat.chatId !== 'terminal';
}

/** Milliseconds until a message may go to this chat; 0 is now. High priority may use what is kept for it. */
export function paceWaitMs(
  overall: OverallPace,
  pace: ChatPace,
  chat: ChatAddress,
  at: number,
  isHigh: boolean,
): number {
  const factor = slowdownAt(overall, at);
  return Math.max(
    0,
    pace.lastAt + CHAT_GAP_MS * Math.min(factor, 2) - at,
    pace.closedUntil - at,
    isGroup(chat.chatId) ? groupWait(pace, at, isHigh) : 0,
    overallWait(overall, at, isHigh, factor),
  );
}

/** The records after a request has left for the chat. */
export function paceStarted(
  overall: OverallPace,
  pace: ChatPace,
  chat: ChatAddress,
  at: number,
): { readonly overall: OverallPace; readonly pace: ChatPace } {
  const minute = isGroup(chat.chatId) ? [...since(pace.recent, at - GROUP_WINDOW_MS), at] : pace.recent;
  return {
    overall: { ...overall, recent: [...since(overall.recent, at - SECOND_MS), at] },
    pace: { ...pace, lastAt: at, recent: minute },
  };
}

/** The record after Telegram has refused with `retry_after`: everything slows down. */
export function paceRefused(overall: OverallPace, at: number): OverallPace {
  return { ...overall, slowdown: Math.min(MAX_SLOWDOWN, slowdownAt(overall, at) * SLOWDOWN), slowedAt: at };
}

function slowdownAt({ slowdown, slowedAt }: OverallPace, at: number): number {
  return Math.max(1, slowdown / SLOWDOWN ** Math.floor((at - slowedAt) / RECOVERY_MS));
}

function overallWait(overall: OverallPace, at: number, isHigh: boolean, factor: number): number {
  const kept = isHigh ? 0 : OVERALL_KEPT_FOR_HIGH;
  const limit = Math.max(1, Math.floor((OVERALL_PER_SECOND - kept) / factor));
  const blocking = since(overall.recent, at - SECOND_MS).at(-limit);
  return blocking === undefined ? 0 : blocking + SECOND_MS - at;
}

function groupWait(pace: ChatPace, at: number, isHigh: boolean): number {
  const limit = isHigh ? GROUP_PER_MINUTE : GROUP_PER_MINUTE - GROUP_KEPT_FOR_HIGH;
  const blocking = since(pace.recent, at - GROUP_WINDOW_MS).at(-limit);
  return blocking === undefined ? 0 : blocking + GROUP_WINDOW_MS - at;
}

/** The times after `until`; they are in order. */
function since(times: readonly number[], until: number): readonly number[] {
  const keep = times.findIndex((time) => time > until);
  return keep === -1 ? [] : times.slice(keep);
}
