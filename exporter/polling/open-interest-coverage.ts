// Which contracts make up a venue's open interest of a symbol. Pure; the pollers ask for these, the state sums these.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { Instrument } from '../catalogue/instruments.ts';
import type { Venue } from '../venues/venue.ts';
import { callsWithinBudget } from './poll-cadence.ts';

export interface CoverageOptions {
  /** `undefined` stands for every symbol. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  readonly requestsPerHour: number;
}

export interface Coverage {
  /** Asked for and summed. */
  readonly contracts: readonly Instrument[];
  /** How many there would be without a limit on requests. */
  readonly wanted: number;
}

/**
 * Perpetuals quoted in dollars that the venue's descriptor counts. Where each needs a call of its own, only as many symbols,
 * whole ones, as the budget allows in five minutes: a rotation over hundreds would leave every figure stale.
 */
export function coverOpenInterest(
  { isCovered, needsCallPerContract }: Pick<Venue, 'isCovered' | 'needsCallPerContract'>,
  instruments: readonly Instrument[],
  { symbols, requestsPerHour }: CoverageOptions,
): Coverage {
  const watched = symbols && new Set(symbols);
  const eligible = instruments.filter((instrument) => {
    const { isPerpetual, isUsdQuoted, symbol } = instrument;
    return isPerpetual && isUsdQuoted && (!watched || watched.has(symbol)) && isCovered(instrument);
  });
  if (!needsCallPerContract || symbols) return { contracts: eligible, wanted: eligible.length };
  const contracts: Instrument[] = [];
  const room = callsWithinBudget(requestsPerHour);
  for (const siblings of Map.groupBy(eligible, ({ symbol }) => symbol).values()) {
    if (contracts.length + siblings.length <= room) contracts.push(...siblings);
  }
  return { contracts, wanted: eligible.length };
}
