// The normalised vocabulary: what every venue's messages are turned into, and nothing a venue says in its own words.
import type { CanonicalSymbol, EpochMs, Usd } from '../common/brands.ts';

/** A venue's name as its descriptor in `venues/` gives it, lower case; the `exchange` label. */
export type Exchange = string;

/** The **position** that was closed. Never an order side, which means the opposite on two of the three venues. */
export type Side = 'long' | 'short';
export const SIDES: readonly Side[] = ['long', 'short'];

/** What a feed carries; the `feed` label. */
export type FeedKind = 'liquidations' | 'open_interest';
export const FEED_KINDS: readonly FeedKind[] = ['liquidations', 'open_interest'];

/** One forced close of a position, as the venue reported it. */
export interface Liquidation {
  readonly type: 'liquidation';
  readonly exchange: Exchange;
  /** The venue's own contract name: `BTCUSDT`, `BTCUSD_PERP`, `BTC-USDT-SWAP`. Never a label. */
  readonly instrumentId: string;
  readonly symbol: CanonicalSymbol;
  readonly liquidatedSide: Side;
  /** US dollars per canonical base unit; fill price (Binance), bankruptcy price (Bybit), liquidation price (OKX). */
  readonly priceUsd: Usd;
  readonly notionalUsd: Usd;
  /** Venue clock. */
  readonly eventTime: EpochMs;
  /** Our clock (`Clock.now`). */
  readonly receiveTime: EpochMs;
}

/**
 * Ten billion dollars, more than a quarter of the largest market's whole open interest: a larger figure is a broken
 * message. The bound also keeps the integer sums of a window exact (`windows/amount.ts`).
 */
export const MAX_LIQUIDATION_USD = 10_000_000_000;

/** Open interest of one contract, one side counted. */
export interface OpenInterest {
  readonly type: 'open_interest';
  readonly exchange: Exchange;
  readonly instrumentId: string;
  readonly symbol: CanonicalSymbol;
  /**
   * Canonical base units for linear contracts; `undefined` for inverse ones, whose open interest is in dollars and
   * needs a price to become coins.
   */
  readonly baseQuantity: number | undefined;
  /** US dollars for inverse contracts; `undefined` for linear ones, which need a price. */
  readonly notionalUsd: Usd | undefined;
  readonly receiveTime: EpochMs;
}

/** Mark price of one contract per canonical base unit. */
export interface MarkPrice {
  readonly type: 'mark_price';
  readonly exchange: Exchange;
  readonly instrumentId: string;
  readonly symbol: CanonicalSymbol;
  readonly priceUsd: Usd;
  readonly receiveTime: EpochMs;
}

export type MarketEvent = Liquidation | OpenInterest | MarkPrice;

/** Why a frame, or one entry of it, was dropped; the `reason` label of `derivatives_feed_messages_rejected_total`. */
export const REJECT_REASONS = [
  'not_json',
  'binary',
  'too_large',
  'unknown_shape',
  'invalid_field',
  'unknown_instrument',
  'quote_not_usd',
  'future_event',
  'replayed',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Reject {
  readonly reason: RejectReason;
  /** For the log, at most once a minute per reason; at most 200 characters of it. Never a label. */
  readonly detail: string;
}

/** What one message said. An entry that is wrong becomes a reject; its neighbours in the same message still count. */
export interface MappedMessage {
  readonly events: readonly MarketEvent[];
  readonly rejects: readonly Reject[];
  /** The venue's clock when it sent the message, where the message says so: a sample for the clock offset. */
  readonly sentTime: EpochMs | undefined;
}
