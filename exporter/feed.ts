// What a feed is to the rest of the exporter: something that runs until it is told to stop, calls its output with what it
// received, and can say at any moment how it is doing.
import type { EpochMs } from '../common/brands.ts';
import type { Exchange, FeedKind, MappedMessage, Reject } from './events.ts';

/** Where a feed's data goes. Plain calls downstream; they must not throw and must not block. */
export interface FeedOutput {
  /** One mapped message, in the order of arrival. `receiveTime` is our clock (`Clock.now`). */
  onMessage(exchange: Exchange, feed: FeedKind, message: MappedMessage, receiveTime: EpochMs): void;
  /** What never reached a mapper: not JSON, binary, too large. Mapper rejects arrive inside `onMessage`. */
  onReject(exchange: Exchange, feed: FeedKind, reject: Reject): void;
}

export interface FeedStatus {
  readonly exchange: Exchange;
  readonly feed: FeedKind;
  /**
   * Every connection that carries watched symbols is open, subscribed and has given data (websocket); the last round
   * succeeded (REST). Of the others `coverage` tells.
   */
  readonly connected: boolean;
  /** Our clock at the last data or heartbeat that proves the route; a bare open socket proves nothing. */
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
  /** Runs until the signal aborts; resolves then. Reconnects by itself and never rejects for what a venue does. */
  run(signal: AbortSignal): Promise<void>;
  status(): FeedStatus;
}
