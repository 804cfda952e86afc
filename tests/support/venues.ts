// The venues by name, for tests.
import type { Exchange } from '../../exporter/events.ts';
import { VENUES } from '../../exporter/venues/registry.ts';
import type { Venue } from '../../exporter/venues/venue.ts';

/** Those that have a simulator, which tests know; the registry may hold more. */
export const SIMULATED: readonly Exchange[] = ['binance', 'bybit', 'okx'];

/** @throws Error for a name that no venue has */
export function venueOf(name: string): Venue {
  const venue = VENUES.find((each) => each.name === name);
  if (!venue) throw new Error(`no venue is called ${name}`);
  return venue;
}
