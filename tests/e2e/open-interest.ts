// Moves the open interest of the simulators: of the contracts that the exporter adds up, perpetual and margined in dollars or coin.
import { BINANCE_CONTRACTS, BYBIT_CONTRACTS, OKX_CONTRACTS } from '../../simulators/venues/contracts.ts';
import type { Venues } from '../../simulators/venues/start-venues.ts';
import type { SimulatorContract } from '../../simulators/venues/venue-simulator.ts';
import type { Venue } from './orders.ts';

const LISTED: readonly (readonly [Venue, readonly SimulatorContract[]])[] = [
  ['binance', BINANCE_CONTRACTS],
  ['bybit', BYBIT_CONTRACTS],
  ['okx', OKX_CONTRACTS],
];

export function contractsOf(symbol: string): readonly (SimulatorContract & { readonly venue: Venue })[] {
  return LISTED.flatMap(([venue, contracts]) =>
    contracts
      .filter(({ base, quote, isPerpetual }) => base === symbol && quote.startsWith('USD') && isPerpetual !== false)
      .map((contract) => ({ ...contract, venue })),
  );
}

/** Sets it to `factor` times what the simulators began with, on all venues or on some. */
export function scaleOpenInterest(
  venues: Venues,
  symbol: string,
  factor: number,
  on: readonly Venue[] = ['binance', 'bybit', 'okx'],
): void {
  for (const { venue, instrumentId, openInterest } of contractsOf(symbol)) {
    if (on.includes(venue)) venues[venue].setOpenInterest(instrumentId, openInterest * factor);
  }
}
