// Every venue's mapper. A new exchange does not compile until it has one.
import type { Exchange } from '../events.ts';
import { binanceMapper } from './binance.ts';
import { bybitMapper } from './bybit.ts';
import type { VenueMapper } from './mapper.ts';
import { okxMapper } from './okx.ts';

export const MAPPERS: Readonly<Record<Exchange, VenueMapper>> = {
  binance: binanceMapper,
  bybit: bybitMapper,
  okx: okxMapper,
};
