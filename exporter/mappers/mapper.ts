// What a mapper is: pure functions from one venue's messages to our events. No I/O, no clock, no state.
import type { EpochMs } from '../../common/brands.ts';
import type { Exchange, MarketEvent, Reject } from '../events.ts';
import type { Instrument } from '../instruments.ts';

export interface MapContext {
  /** Our clock when the message arrived. */
  readonly receiveTime: EpochMs;
  /** The venue's contract by its own name. */
  readonly instrument: (instrumentId: string) => Instrument | undefined;
}

/** What one message said. An entry that is wrong becomes a reject; its neighbours in the same message still count. */
export interface MappedMessage {
  readonly events: readonly MarketEvent[];
  readonly rejects: readonly Reject[];
  /** The venue's clock when it sent the message, where the message says so: a sample for the clock offset. */
  readonly sentTime: EpochMs | undefined;
}

export interface CatalogueAnswer {
  readonly instruments: readonly Instrument[];
  readonly rejects: readonly Reject[];
  /** Cursor of the next page, where the venue pages. */
  readonly nextCursor: string | undefined;
}

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
