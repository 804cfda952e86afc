// Made-up contracts, as many as a benchmark wants: the three watched ones and further symbols on every venue.
import type { SimulatorContract } from '../../simulators/venues/venue-simulator.ts';

export type VenueName = 'binance' | 'bybit' | 'okx';
export const VENUE_NAMES: readonly VenueName[] = ['binance', 'bybit', 'okx'];

const WATCHED = ['BTC', 'ETH', 'SOL'];
const PRICE = 100;
const OPEN_INTEREST_BASE = 5_000_000;

/** `BTC`, `ETH`, `SOL`, `Q000`, `Q001` … */
export function symbolNames(count: number): readonly string[] {
  const made = Array.from(
    { length: Math.max(0, count - WATCHED.length) },
    (_, index) => `Q${String(index).padStart(3, '0')}`,
  );
  return [...WATCHED, ...made].slice(0, count);
}

export function instrumentIdOf(venue: VenueName, symbol: string): string {
  return venue === 'okx' ? `${symbol}-USDT-SWAP` : `${symbol}USDT`;
}

/** One linear perpetual a symbol, all at the same price; an OKX contract is a tenth of a coin. */
export function contractsOf(venue: VenueName, symbols: readonly string[]): readonly SimulatorContract[] {
  const contractValue = venue === 'okx' ? 0.1 : 1;
  return symbols.map((base) => ({
    instrumentId: instrumentIdOf(venue, base),
    base,
    quote: 'USDT',
    margin: 'linear',
    contractValue,
    price: PRICE,
    openInterest: OPEN_INTEREST_BASE / contractValue,
  }));
}

export const MARKET_PRICE = PRICE;
