// The three simulators with as many contracts as a benchmark wants, and liquidations on them by symbol.
import { type BinanceSimulator, startBinanceSimulator } from '../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../simulators/venues/bybit.ts';
import { type OkxSimulator, startOkxSimulator } from '../../simulators/venues/okx.ts';
import type { LiquidationOrder, VenueSimulator } from '../../simulators/venues/venue-simulator.ts';
import { contractsOf, instrumentIdOf, MARKET_PRICE, type VenueName } from './market.ts';

export interface BenchVenues {
  readonly binance: BinanceSimulator;
  readonly bybit: VenueSimulator;
  readonly okx: OkxSimulator;
  readonly all: readonly VenueSimulator[];
  environment(): Readonly<Record<string, string>>;
  /** One liquidation in a message of its own. */
  liquidate(venue: VenueName, symbol: string, notionalUsd: number, eventTime?: number): void;
  /** Several of one symbol in one message, where the venue does that. */
  liquidateMany(venue: VenueName, symbol: string, notionalsUsd: readonly number[]): void;
  close(): Promise<void>;
}

/** @param most how many of the symbols a venue lists, where it is not all of them */
export async function startBenchVenues(
  symbols: readonly string[],
  most: Readonly<Partial<Record<VenueName, number>>> = {},
): Promise<BenchVenues> {
  const contracts = (venue: VenueName) => contractsOf(venue, symbols.slice(0, most[venue]));
  const [binance, bybit, okx] = await Promise.all([
    startBinanceSimulator({ contracts: contracts('binance') }),
    startBybitSimulator({ contracts: contracts('bybit') }),
    startOkxSimulator({ contracts: contracts('okx') }),
  ]);
  const all: readonly VenueSimulator[] = [binance, bybit, okx];
  const byName: Readonly<Record<VenueName, VenueSimulator>> = { binance, bybit, okx };
  let orders = 0;
  const orderOf = (venue: VenueName, symbol: string, notionalUsd: number, eventTime?: number): LiquidationOrder => {
    orders += 1;
    return {
      instrumentId: instrumentIdOf(venue, symbol),
      side: orders % 3 === 0 ? 'short' : 'long',
      price: MARKET_PRICE,
      notionalUsd,
      ...(eventTime === undefined ? {} : { eventTime }),
    };
  };
  return {
    binance,
    bybit,
    okx,
    all,
    environment: () => Object.assign({}, ...all.map((venue) => venue.environment())),
    liquidate(venue, symbol, notionalUsd, eventTime) {
      byName[venue].liquidate(orderOf(venue, symbol, notionalUsd, eventTime));
    },
    liquidateMany(venue, symbol, notionalsUsd) {
      byName[venue].liquidate(...notionalsUsd.map((notionalUsd) => orderOf(venue, symbol, notionalUsd)));
    },
    async close() {
      await Promise.all(all.map((venue) => venue.close()));
    },
  };
}
