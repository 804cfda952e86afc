// The three stand-ins with as many contracts as a benchmark wants, and liquidations on them by symbol.
import { type BinanceStandIn, startBinanceStandIn } from '../../simulators/venues/binance.ts';
import { startBybitStandIn } from '../../simulators/venues/bybit.ts';
import { type OkxStandIn, startOkxStandIn } from '../../simulators/venues/okx.ts';
import type { LiquidationOrder, VenueStandIn } from '../../simulators/venues/venue-simulator.ts';
import { contractsOf, instrumentIdOf, MARKET_PRICE, type VenueName } from './market.ts';

export interface BenchVenues {
  readonly binance: BinanceStandIn;
  readonly bybit: VenueStandIn;
  readonly okx: OkxStandIn;
  readonly all: readonly VenueStandIn[];
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
    startBinanceStandIn({ contracts: contracts('binance') }),
    startBybitStandIn({ contracts: contracts('bybit') }),
    startOkxStandIn({ contracts: contracts('okx') }),
  ]);
  const all: readonly VenueStandIn[] = [binance, bybit, okx];
  const byName: Readonly<Record<VenueName, VenueStandIn>> = { binance, bybit, okx };
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
