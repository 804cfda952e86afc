// What the exporter says of itself over HTTP: feed by feed, in words a person can act on.
import type { EpochMs } from '../../common/brands.ts';
import type { CatalogueStatus } from '../catalogue/catalogue-refresher.ts';
import type { PriceDeviation, PriceFinding } from '../catalogue/price-check.ts';
import type { Exchange, FeedKind } from '../events.ts';
import type { FeedStatus } from '../feed.ts';

export interface HealthSources {
  readonly feeds: () => readonly FeedStatus[];
  readonly catalogues: () => readonly CatalogueStatus[];
  readonly verdicts: () => readonly PriceDeviation[];
  /** Watched symbols that no venue lists. */
  readonly unlisted: () => readonly string[];
  /** What is wrong with the existing service; `undefined` also where none is configured. */
  readonly existingServiceError: () => string | undefined;
  readonly uptimeSeconds: () => number;
}

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

/** What the price check says of one contract. */
export interface VerdictHealth {
  readonly finding: PriceFinding;
  readonly exchange: Exchange;
  readonly contract: string;
  readonly symbol: string;
  readonly priceUsd: number | undefined;
  readonly othersUsd: number | undefined;
}

export interface ExporterHealth {
  /** `ok`: every feed is connected; `degraded`: some are; `down`: none is. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly uptimeSeconds: number;
  readonly feeds: readonly FeedHealth[];
  /** The lists of contracts: without them nothing that a venue sends can be read. */
  readonly catalogues: readonly CatalogueStatus[];
  /** Watched symbols of which no venue has a contract: nothing of them will be seen. */
  readonly unlistedSymbols: readonly string[];
  /** Why the service of `MARKET_DATA_URL` gave no reading; absent when all is well or none is configured. */
  readonly existingServiceError: string | undefined;
  readonly priceCheck: {
    readonly counts: Readonly<Record<PriceFinding, number>>;
    /** The gravest first, at most 50; `counts` has them all. */
    readonly contracts: readonly VerdictHealth[];
  };
}

/** Gravest first. */
const FINDINGS: readonly PriceFinding[] = ['excluded', 'differs', 'unreviewed', 'unchecked'];
const MAX_VERDICTS = 50;

export function describeHealth(sources: HealthSources): ExporterHealth {
  const feeds = sources.feeds();
  const connected = feeds.filter((feed) => feed.connected).length;
  const status = connected === 0 ? 'down' : connected < feeds.length ? 'degraded' : 'ok';
  return {
    status,
    uptimeSeconds: Math.round(sources.uptimeSeconds()),
    feeds: feeds.map(describeFeed),
    catalogues: sources.catalogues(),
    unlistedSymbols: sources.unlisted(),
    existingServiceError: sources.existingServiceError(),
    priceCheck: describePriceCheck(sources.verdicts()),
  };
}

/** Ready as soon as one venue's liquidations are observed: rules name the venues that are missing. */
export function isReady(feeds: readonly FeedStatus[]): boolean {
  return feeds.some((feed) => feed.feed === 'liquidations' && feed.connected);
}

function describeFeed(status: FeedStatus): FeedHealth {
  const { exchange, feed, connected, lastMessageAt, connectedSince, ...rest } = status;
  return { exchange, feed, connected, lastMessageAt: iso(lastMessageAt), connectedSince: iso(connectedSince), ...rest };
}

function describePriceCheck(verdicts: readonly PriceDeviation[]): ExporterHealth['priceCheck'] {
  const of = (finding: PriceFinding) => verdicts.filter((verdict) => verdict.finding === finding);
  const count = (finding: PriceFinding) => of(finding).length;
  return {
    counts: {
      excluded: count('excluded'),
      differs: count('differs'),
      unreviewed: count('unreviewed'),
      unchecked: count('unchecked'),
    },
    contracts: FINDINGS.flatMap(of)
      .slice(0, MAX_VERDICTS)
      .map(({ finding, instrument: { exchange, instrumentId, symbol }, priceUsd, othersUsd }) => {
        return { finding, exchange, contract: instrumentId, symbol, priceUsd, othersUsd };
      }),
  };
}

function iso(time: EpochMs | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
