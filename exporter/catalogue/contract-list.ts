// What the catalogue must be told about one list of contracts of a venue: where it is and how to read it. The venues'
// folders give these; the catalogue knows no venue.
import type { EpochMs } from '../../common/brands.ts';
import type { MappedMessage, Reject } from '../events.ts';
import type { Instrument } from './instruments.ts';

/** What mapping needs beside the message. */
export interface MapContext {
  /** Our clock when the message arrived. */
  readonly receiveTime: EpochMs;
  /** The venue's contract by its own name. */
  readonly instrument: (instrumentId: string) => Instrument | undefined;
}

/** One page of a list. */
export interface CatalogueAnswer {
  readonly instruments: readonly Instrument[];
  readonly rejects: readonly Reject[];
  /** Cursor of the next page, where the venue pages. */
  readonly nextCursor: string | undefined;
}

/** One list of contracts: a product of the venue. */
export interface ContractList {
  /** As the venue calls the product; shown to people. */
  readonly name: string;
  /** At times the venue has no contract of this product: an empty list is an answer. */
  readonly mayBeEmpty: boolean;
  /** `cursor` is the next page's where the venue pages. */
  url(cursor: string | undefined): string;
  mapContracts(answer: unknown): CatalogueAnswer;
  /** Mark prices of its perpetuals; `undefined` where it has none. */
  readonly marksUrl: string | undefined;
  mapMarkPrices(answer: unknown, context: MapContext): MappedMessage;
}
