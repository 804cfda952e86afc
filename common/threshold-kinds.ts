// The thresholds that both YAML and the environment can set, and the largest value of each that makes sense.
import type { CanonicalSymbol } from './brands.ts';

const OVERRIDE_KINDS = [
  'cascade_count',
  'cascade_value_usd',
  'single_large_usd',
  'oi_change_ratio',
  'oi_min_usd',
] as const;
export type OverrideKind = (typeof OVERRIDE_KINDS)[number];

/**
 * Above these a threshold switches its alert off without a word: it is a slip of the hand. No 30 s of one coin's
 * liquidations came near a billion dollars; no coin but BTC and ETH ever had ten billion of open interest on the three
 * venues together; open interest that more than doubles within 15 minutes is a fault of the data.
 */
export const MOST_BY_KIND: Readonly<Record<OverrideKind, number>> = {
  cascade_count: 10_000,
  cascade_value_usd: 1_000_000_000,
  single_large_usd: 1_000_000_000,
  oi_change_ratio: 1,
  oi_min_usd: 10_000_000_000,
};

/** A threshold given by the environment. */
export interface ThresholdOverride {
  readonly symbol: CanonicalSymbol;
  readonly kind: OverrideKind;
  readonly value: number;
}
