// Liquidations for the tests of windows and metrics, and a small generator of random numbers with a seed.
import { canonicalSymbol, epochMs, usd } from '../../../common/brands.ts';
import type { Exchange, Liquidation, Side } from '../../../exporter/events.ts';

/** 2026-11-20 00:00:00 UTC. */
export const START = 1_795_132_800_000;

export interface LiquidationSketch {
  readonly exchange?: Exchange;
  readonly symbol?: string;
  readonly side?: Side;
  readonly notionalUsd?: number;
  readonly priceUsd?: number;
  /** Milliseconds after START, venue clock. */
  readonly at: number;
  /** Milliseconds between event and arrival. */
  readonly lagMs?: number;
}

export function liquidation(sketch: LiquidationSketch): Liquidation {
  return {
    type: 'liquidation',
    exchange: sketch.exchange ?? 'bybit',
    instrumentId: 'ANY',
    symbol: canonicalSymbol(sketch.symbol ?? 'BTC'),
    liquidatedSide: sketch.side ?? 'long',
    notionalUsd: usd(sketch.notionalUsd ?? 100_000),
    priceUsd: usd(sketch.priceUsd ?? 80_000),
    eventTime: epochMs(START + sketch.at),
    receiveTime: epochMs(START + sketch.at + (sketch.lagMs ?? 0)),
  };
}

/** mulberry32: small, quick, good enough to draw test cases from, and the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
