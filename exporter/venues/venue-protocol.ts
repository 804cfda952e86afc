// What the venue-neutral connection must be told about a venue: where to connect, how to ask, how to read what is not data.
// A protocol holds no connection and no state.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { Instrument } from '../catalogue/instruments.ts';
import type { Exchange } from '../events.ts';

/** One connection that a feed should hold. */
export interface ConnectionPlan {
  /** Stable over refreshes: `market`, `linear-1`. */
  readonly name: string;
  /** Tried in turn. */
  readonly urls: readonly string[];
  /** Streams that speak every second or so and prove the route; asked for before the rest. */
  readonly controlTopics: readonly string[];
  readonly topics: readonly string[];
  /** Liquidations of watched symbols come here; else only those of the rest of the universe. */
  readonly carriesWatched: boolean;
  /** Contracts that an all-market stream covers; `undefined` where each topic is one contract. */
  readonly contracts: number | undefined;
}

/** What a venue says about the connection itself. */
export type ControlFrame =
  | { readonly type: 'acknowledged'; readonly requestId: string | undefined; readonly topic: string | undefined }
  | {
      readonly type: 'rejected';
      readonly requestId: string | undefined;
      /** The topic that spoilt the request, where the venue names it. */
      readonly topic: string | undefined;
      readonly isAlreadySubscribed: boolean;
      readonly text: string;
    }
  | { readonly type: 'pong' }
  /** The venue is about to cut the connection and asks for a new one. */
  | { readonly type: 'reconnect'; readonly text: string }
  | { readonly type: 'ignored' };

export interface KeepAlive {
  readonly frame: string;
  readonly intervalMs: number;
  /** `silent` counts the interval from the last frame received, `always` from the last ping. */
  readonly when: 'always' | 'silent';
  /** Without any answer for this long the connection is dead. */
  readonly answerMs: number;
}

export interface VenueProtocol {
  readonly exchange: Exchange;
  /**
   * The connections for these contracts. `present` is the plan in force: topics stay on the connection that has them,
   * new ones are added where there is room, topics of contracts no longer listed are left out.
   */
  plan(
    instruments: readonly Instrument[],
    controlSymbols: ReadonlySet<CanonicalSymbol>,
    present: readonly ConnectionPlan[],
  ): readonly ConnectionPlan[];
  /** Topics per request. */
  readonly batchSize: number;
  subscribeFrame(requestId: string, topics: readonly string[]): string;
  /** `undefined` for data, which goes to the mapper. */
  readControl(message: unknown): ControlFrame | undefined;
  /** A text frame that is no JSON and answers a ping. */
  readonly barePong: string | undefined;
  readonly keepAlive: KeepAlive | undefined;
  /** A connection older than this is replaced before the venue cuts it. */
  readonly lifetimeMs: number | undefined;
  /** The venue may send old liquidations again to a new subscriber. */
  readonly mayReplay: boolean;
}
