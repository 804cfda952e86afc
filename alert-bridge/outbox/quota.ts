// How many new messages an hour a chat gets, 10 of the market unless it is configured otherwise: decided here, from what the
// chat got in the last hour. Pure.
import type { AlertCategory, AlertKind, Priority } from '../model/alert.ts';

export const QUOTA_WINDOW_MS = 3_600_000;

/** So many of the market quota are kept for high priority. */
const KEPT_FOR_HIGH = 4;
const MAX_LARGE_LIQUIDATIONS = 3;
const MAX_STACK = 10;
/** Nothing is promised about a user's own rules, but a storm of them must still become a digest. */
const MAX_OTHER = 60;

/** One new message to a chat, sent or about to be sent. */
export interface Notification {
  readonly category: AlertCategory;
  readonly kind: AlertKind;
  readonly symbol: string | undefined;
  readonly tier: number;
  readonly priority: Priority;
  readonly atMs: number;
}

export interface QuotaLimits {
  readonly maxMarketPerHour: number;
  /** Least time between two messages on one symbol; 0 switches it off. */
  readonly rateLimitMs: number;
}

export type QuotaVerdict = 'admitted' | 'quota' | 'rate_limit';

/**
 * Whether one more message may go to a chat now; what is refused belongs in its digest.
 * A tier above every one of the same symbol and kind within the hour is never held back.
 * @param earlier what the chat got, or will get, before this one
 */
export function judgeQuota(
  candidate: Notification,
  earlier: readonly Notification[],
  limits: QuotaLimits,
): QuotaVerdict {
  const recent = earlier.filter((message) => Math.abs(candidate.atMs - message.atMs) < QUOTA_WINDOW_MS);
  if (isEscalation(candidate, recent)) return 'admitted';
  if (isTooSoon(candidate, recent, limits.rateLimitMs)) return 'rate_limit';
  return isWithinQuota(candidate, recent, limits.maxMarketPerHour) ? 'admitted' : 'quota';
}

function isEscalation(candidate: Notification, recent: readonly Notification[]): boolean {
  const tiers = recent
    .filter((message) => message.symbol === candidate.symbol && message.kind === candidate.kind)
    .map((message) => message.tier);
  return candidate.category === 'market' && candidate.tier > Math.max(1, ...tiers);
}

function isTooSoon(candidate: Notification, recent: readonly Notification[], rateLimitMs: number): boolean {
  if (candidate.category !== 'market' || candidate.priority === 'high' || candidate.symbol === undefined) return false;
  return recent.some(
    (message) =>
      message.category === 'market' &&
      message.symbol === candidate.symbol &&
      Math.abs(candidate.atMs - message.atMs) < rateLimitMs,
  );
}

function isWithinQuota(candidate: Notification, recent: readonly Notification[], maxMarket: number): boolean {
  const same = recent.filter((message) => message.category === candidate.category);
  if (candidate.category === 'stack') return same.length < MAX_STACK;
  if (candidate.category === 'other') return same.length < MAX_OTHER;
  if (same.length >= maxMarket) return false;
  if (candidate.priority === 'high') return true;
  const lower = same.filter((message) => message.priority !== 'high').length;
  if (lower >= Math.max(0, maxMarket - KEPT_FOR_HIGH)) return false;
  if (candidate.kind !== 'large_liquidation') return true;
  return same.filter((message) => message.kind === 'large_liquidation').length < MAX_LARGE_LIQUIDATIONS;
}
