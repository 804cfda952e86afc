// The order in which a chat's deliveries leave. High is strictly first; low ages into medium, so that it never starves.
import type { Priority } from '../model/alert.ts';
import type { Phase } from './delivery.ts';

/** Smaller leaves first. */
export type Rank = 0 | 1 | 2 | 3;

/** After this long in the queue everything but high ranks as medium. */
export const AGED_MS = 60_000;
export const LOWEST_RANK: Rank = 3;
export const AGED_RANK: Rank = 1;

const RANK_BY_PRIORITY: Readonly<Record<Priority, Rank>> = { high: 0, medium: 1, low: 2 };

/**
 * New messages before ends, ends before figures that merely grew: an edit never keeps a new message waiting.
 * @param replacesNews the chat has no message about the alert yet: its end is the first
 */
export function rankOf(phase: Phase, priority: Priority, replacesNews = false): Rank {
  switch (phase) {
    case 'firing':
      return RANK_BY_PRIORITY[priority];
    case 'notice':
      return 0;
    case 'resolved':
      return replacesNews ? RANK_BY_PRIORITY[priority] : 2;
    case 'digest':
      return 1;
    case 'update':
    case 'digest_update':
      return 3;
  }
}
