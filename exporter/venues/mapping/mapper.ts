// What a mapper is: pure functions from one venue's messages to our events. No I/O, no clock, no state.
import type { CatalogueAnswer, MapContext } from '../../catalogue/contract-list.ts';
import type { Exchange, MappedMessage } from '../../events.ts';

/** One venue's mapping. `message` is parsed JSON that nobody has looked at yet. */
export interface VenueMapper {
  readonly exchange: Exchange;
  /** A websocket message that is data. Control messages (acks, pongs, notices) are the feed's and never come here. */
  mapMessage(message: unknown, context: MapContext): MappedMessage;
  /** A REST answer that lists contracts. `market` is `linear` or `inverse` where the venue lists them apart. */
  mapInstruments(answer: unknown, market: 'linear' | 'inverse'): CatalogueAnswer;
  /** A REST answer that holds open interest, and prices where the venue gives both at once. */
  mapOpenInterest(answer: unknown, market: 'linear' | 'inverse', context: MapContext): MappedMessage;
  /** A REST answer that holds mark prices. */
  mapMarkPrices(answer: unknown, market: 'linear' | 'inverse', context: MapContext): MappedMessage;
}
