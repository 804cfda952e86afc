// All three venues at once, and the environment that points an exporter at them.
import { type BinanceSimulator, startBinanceSimulator } from './binance.ts';
import { startBybitSimulator } from './bybit.ts';
import { type OkxSimulator, startOkxSimulator } from './okx.ts';
import type { SimulatorOptions, VenueSimulator } from './venue-simulator.ts';

export interface Venues {
  readonly binance: BinanceSimulator;
  readonly bybit: VenueSimulator;
  readonly okx: OkxSimulator;
  readonly all: readonly VenueSimulator[];
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Ports are free ones: `port` is ignored. */
export async function startVenues(options: Omit<SimulatorOptions, 'port' | 'contracts'> = {}): Promise<Venues> {
  const [binance, bybit, okx] = await Promise.all([
    startBinanceSimulator(options),
    startBybitSimulator(options),
    startOkxSimulator(options),
  ]);
  const all: readonly VenueSimulator[] = [binance, bybit, okx];
  return {
    binance,
    bybit,
    okx,
    all,
    // Only venues that are simulated: a further one would be asked for real.
    environment: () =>
      Object.assign(
        { EXCHANGES: all.map(({ exchange }) => exchange).join(',') },
        ...all.map((venue) => venue.environment()),
      ),
    async close() {
      await Promise.all(all.map((venue) => venue.close()));
    },
  };
}
