// Orders for the simulators of all three venues, in the words of the tests: who was liquidated where, for how much.
import type { Venues } from '../../simulators/venues/start-venues.ts';

export type Venue = 'binance' | 'bybit' | 'okx';

/** The simulators' own prices, so that dollars and quantities agree. */
const PRICES: Readonly<Record<string, number>> = { BTC: 82_500, ETH: 3_000, SOL: 150, '1INCH': 0.35 };

export interface Order {
  readonly venue: Venue;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly usd: number;
  readonly price?: number;
  /** Venue clock, milliseconds; now where absent. */
  readonly eventTime?: number;
}

/** Sends one order as its venue would. */
export function liquidate(venues: Venues, { venue, symbol, side, usd, price, eventTime }: Order): void {
  const instrumentId = venue === 'okx' ? `${symbol}-USDT-SWAP` : `${symbol}USDT`;
  const paid = price ?? PRICES[symbol];
  if (paid === undefined) throw new Error(`no price for ${symbol}`);
  const when = eventTime === undefined ? {} : { eventTime };
  venues[venue].liquidate({ instrumentId, side, price: paid, notionalUsd: usd, ...when });
}

const ROUND: readonly Venue[] = ['binance', 'bybit', 'okx'];

export interface Cascade {
  readonly symbol: string;
  readonly longs: number;
  readonly shorts?: number;
  /** Of all of them together. */
  readonly usd: number;
  readonly eventTime?: number;
}

/** Sends `longs + shorts` orders, turn by turn on the three venues, all at once. */
export function cascade(venues: Venues, { symbol, longs, shorts = 0, usd, eventTime }: Cascade): void {
  const count = longs + shorts;
  const when = eventTime === undefined ? {} : { eventTime };
  for (let index = 0; index < count; index += 1) {
    const venue = ROUND[index % ROUND.length] ?? 'okx';
    liquidate(venues, { venue, symbol, side: index < longs ? 'long' : 'short', usd: usd / count, ...when });
  }
}
