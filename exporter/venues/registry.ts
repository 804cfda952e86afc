// Every venue, one line each. What else differs between venues stands in their folders.

import type { Exchange } from '../events.ts';
import { binance } from './binance/venue.ts';
import { bybit } from './bybit/venue.ts';
import { okx } from './okx/venue.ts';
import type { Venue } from './venue.ts';

export const VENUES: readonly Venue[] = [binance, bybit, okx];

/** As `EXCHANGES` and the command lines accept them. */
export const EXCHANGE_NAMES: readonly Exchange[] = VENUES.map(({ name }) => name);
