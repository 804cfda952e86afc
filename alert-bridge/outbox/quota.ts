// How many new messages a chat gets (BRG-3): pure, over what the chat was told in the last hour.
import type { AlertCategory, AlertKind, Priority } from '../model/alert.ts';

export const QUOTA_WINDOW_MS = 3_600_000;

/** Of a market quota this many are kept for high priority. */
const KEPT_FOR_HIGH = 4;
const MAX_LARGE_LIQUIDATIONS = 3;
const MAX_STACK = 10;
/** A user's own rules have no promise to keep, but a storm of them must still become a digest. */
const MAX_OTHER = 60;

/** One new message that a chat was told, or is about to be. */
export interface Told {
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
 * A tier above every one told of the same symbol and kind within the hour is never held back.
 */
export function judgeQuota(candidate: Told, told: readonly Told[], limits: QuotaLimits): QuotaVerdict {
  const recent = told.filter((message) => Math.abs(candidate.atMs - message.atMs) < QUOTA_WINDOW_MS);
  if (isEscalation(candidate, recent)) return 'admitted';
  if (isTooSoon(candidate, recent, limits.rateLimitMs)) return 'rate_limit';
  return isWithinQuota(candidate, recent, limits.maxMarketPerHour) ? 'admitted' : 'quota';
}

function isEscalation(candidate: Told, recent: readonly Told[]): boolean {
  const tiers = recent
    .filter((message) => message.symbol === candidate.symbol && message.kind === candidate.kind)
    .map((message) => message.tier);
  return candidate.category === 'market' && candidate.tier > Math.max(1, ...tiers);
}

function isTooSoon(candidate: Told, recent: readonly Told[], rateLimitMs: number): boolean {
  if (candidate.category !== 'market' || candidate.priority === 'high' || candidate.symbol === undefined) return false;
  return recent.some(
    (message) =>
      message.category === 'market' &&
      message.symbol === candidate.symbol &&
      Math.abs(candidate.atMs - message.atMs) < rateLimitMs,
  );
}

function isWithinQuota(candidate: Told, recent: readonly Told[], maxMarket: number): boolean {
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
