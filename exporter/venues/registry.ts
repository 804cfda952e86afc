// Every venue's mapper. A new exchange does not compile until it has one.
import type { Exchange } from '../events.ts';
import { binanceMapper } from './binance/messages.ts';
import { bybitMapper } from './bybit/messages.ts';
import type { VenueMapper } from './mapping/mapper.ts';
import { okxMapper } from './okx/messages.ts';

export const MAPPERS: Readonly<Record<Exchange, VenueMapper>> = {
  binance: binanceMapper,
  bybit: bybitMapper,
  okx: okxMapper,
};
