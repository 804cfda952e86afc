// What the exporter says of itself over HTTP: feed by feed, in words a person can act on.
import type { EpochMs } from '../common/brands.ts';
import type { Exchange, FeedKind } from './events.ts';
import type { FeedStatus } from './feeds/feed.ts';

export interface FeedHealth {
  readonly exchange: Exchange;
  readonly feed: FeedKind;
  readonly connected: boolean;
  /** ISO 8601, our clock; absent before the first message. */
  readonly lastMessageAt: string | undefined;
  readonly connectedSince: string | undefined;
  readonly reconnects: number;
  readonly messages: number;
  readonly coverage: FeedStatus['coverage'];
  readonly cadenceSeconds: number | undefined;
  readonly requestsLastHour: number;
  readonly circuit: FeedStatus['circuit'];
  readonly lastError: string | undefined;
  /** A host other than the venue's own, such as a testnet, which looks real. */
  readonly hostOverride: string | undefined;
}

export interface ExporterHealth {
  /** `ok`: every feed is connected; `degraded`: some are; `down`: none is. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly uptimeSeconds: number;
  readonly feeds: readonly FeedHealth[];
}

export function describeHealth(feeds: readonly FeedStatus[], uptimeSeconds: number): ExporterHealth {
  const connected = feeds.filter((feed) => feed.connected).length;
  const status = connected === 0 ? 'down' : connected < feeds.length ? 'degraded' : 'ok';
  return { status, uptimeSeconds: Math.round(uptimeSeconds), feeds: feeds.map(describeFeed) };
}

/** Ready as soon as one venue's liquidations are observed: rules name the venues that are missing. */
export function isReady(feeds: readonly FeedStatus[]): boolean {
  return feeds.some((feed) => feed.feed === 'liquidations' && feed.connected);
}

function describeFeed(status: FeedStatus): FeedHealth {
  const { exchange, feed, connected, lastMessageAt, connectedSince, ...rest } = status;
  return { exchange, feed, connected, lastMessageAt: iso(lastMessageAt), connectedSince: iso(connectedSince), ...rest };
}

function iso(time: EpochMs | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
