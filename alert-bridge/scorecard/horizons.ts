// How long after an alert the price is looked up, and how far ahead of a move an alert should be. Constants, and pure judgement.
import type { AlertKind } from '../model/alert.ts';

export const HORIZONS = [1, 5, 15, 60] as const;
export type Horizon = (typeof HORIZONS)[number];

/** Kinds that announce a move of a symbol's price. */
export const SCORED_KINDS = [
  'cascade',
  'large_liquidation',
  'oi_explosion',
  'oi_collapse',
] as const satisfies readonly AlertKind[];
export type ScoredKind = (typeof SCORED_KINDS)[number];

export interface LeadTarget {
  /** The move that counts as the one announced, as a share of the price when the first chat got the alert. */
  readonly moveRatio: number;
  /** How long before it they should have known. */
  readonly leadMs: number;
}

const LIQUIDATION: LeadTarget = { moveRatio: 0.003, leadMs: 30_000 };
const OPEN_INTEREST: LeadTarget = { moveRatio: 0.01, leadMs: 900_000 };

export const LEAD_TARGETS: Readonly<Record<ScoredKind, LeadTarget>> = {
  cascade: LIQUIDATION,
  large_liquidation: LIQUIDATION,
  oi_explosion: OPEN_INTEREST,
  oi_collapse: OPEN_INTEREST,
};

/** Share of votes that call an alert useful. */
export const USEFUL_TARGET_RATIO = 0.8;

export interface PricePoint {
  readonly atMs: number;
  readonly price: number;
}

/**
 * Milliseconds from the first price to the first one at least `moveRatio` away from it, in either direction.
 * `undefined` where the price never went so far, or nothing is known of it.
 */
export function leadMs(prices: readonly PricePoint[], moveRatio: number): number | undefined {
  const [first] = prices;
  if (first === undefined || !(first.price > 0)) return undefined;
  const moved = prices.find(({ price }) => Math.abs(price / first.price - 1) >= moveRatio);
  return moved && moved.atMs - first.atMs;
}
