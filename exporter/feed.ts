// What a feed is to the rest of the exporter: a stream of mapped messages that goes on until it is told to stop, and that can
// say at any moment how it is doing.
import type { EpochMs } from '../common/brands.ts';
import type { Exchange, FeedKind, MappedMessage } from './events.ts';

/** One message of a feed, in the order of arrival. What never reached a mapper (no JSON, binary, too large) is one with a reject. */
export interface FeedMessage {
  readonly exchange: Exchange;
  readonly feed: FeedKind;
  readonly message: MappedMessage;
  /** Our clock (`Clock.now`) when it arrived. */
  readonly receiveTime: EpochMs;
}

export interface FeedStatus {
  readonly exchange: Exchange;
  readonly feed: FeedKind;
  /**
   * Every connection that carries watched symbols is open, subscribed and has given data (websocket); the last round
   * succeeded (REST). Of the others `coverage` tells.
   */
  readonly connected: boolean;
  /** Our clock at the last data or heartbeat that proves the connection; a bare open socket proves nothing. */
  readonly lastMessageAt: EpochMs | undefined;
  /** Our clock when the present stretch without a gap began; moves on every reconnect. `undefined` while not connected. */
  readonly connectedSince: EpochMs | undefined;
  readonly reconnects: number;
  readonly messages: number;
  /** Contracts the feed should observe and those the venue has confirmed (all-market streams count as all). */
  readonly coverage: { readonly wanted: number; readonly confirmed: number };
  /** Seconds between two complete rounds, measured; `undefined` for websocket feeds and before the second round. */
  readonly cadenceSeconds: number | undefined;
  /** REST requests sent in the last hour that count against `OI_REQUESTS_PER_HOUR`. */
  readonly requestsLastHour: number;
  /** The last failure in plain words, and a host that differs from the default, for `/health`. */
  readonly lastError: string | undefined;
  readonly hostOverride: string | undefined;
  readonly circuit: 'closed' | 'open';
}

export interface Feed {
  readonly exchange: Exchange;
  readonly feed: FeedKind;
  /** Runs while it is read; ends when the signal aborts. Reconnects by itself and never throws for what a venue does. */
  messages(signal: AbortSignal): AsyncIterable<FeedMessage>;
  status(): FeedStatus;
}
