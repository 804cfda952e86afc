// All three venues at once, and the environment that points an exporter at them.
import { type BinanceStandIn, startBinanceStandIn } from './binance.ts';
import { startBybitStandIn } from './bybit.ts';
import { type OkxStandIn, startOkxStandIn } from './okx.ts';
import type { StandInOptions, VenueStandIn } from './venue-simulator.ts';

export interface Venues {
  readonly binance: BinanceStandIn;
  readonly bybit: VenueStandIn;
  readonly okx: OkxStandIn;
  readonly all: readonly VenueStandIn[];
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Ports are free ones: `port` is ignored. */
export async function startVenues(options: Omit<StandInOptions, 'port' | 'contracts'> = {}): Promise<Venues> {
  const [binance, bybit, okx] = await Promise.all([
    startBinanceStandIn(options),
    startBybitStandIn(options),
    startOkxStandIn(options),
  ]);
  const all: readonly VenueStandIn[] = [binance, bybit, okx];
  return {
    binance,
    bybit,
    okx,
    all,
    environment: () => Object.assign({}, ...all.map((venue) => venue.environment())),
    async close() {
      await Promise.all(all.map((venue) => venue.close()));
    },
  };
}
