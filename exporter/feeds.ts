// From configuration to running feeds: for each venue its websocket feed and its poller, and the refresher that tells them of
// contracts.
import { canonicalSymbol } from '../common/brands.ts';
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { CatalogueRefresher } from './catalogue/catalogue-refresher.ts';
import type { InstrumentCatalogue } from './catalogue/instruments.ts';
import type { ExporterConfig } from './config/config.ts';
import { WebsocketFeed } from './connections/websocket-feed.ts';
import type { Exchange, Reject } from './events.ts';
import {
  createMarketDataPoller,
  type MarketDataPoller,
  type MarketDataReading,
} from './existing-service/market-data.ts';
import type { Feed, FeedMessage } from './feed.ts';
import { RestPoller } from './polling/rest-poller.ts';
import { createRestClient } from './requests/rest-client.ts';

export interface FeedsOptions {
  readonly config: ExporterConfig;
  readonly catalogue: InstrumentCatalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Our clock minus the venue's, milliseconds, where known. */
  readonly offsetMs: (exchange: Exchange) => number | undefined;
  /** A venue's contracts have changed: covered contracts must be set anew. @param isWhole no list is missing */
  readonly onCatalogue: (exchange: Exchange, isWhole: boolean) => void;
  /** A row of a list of contracts that could not be used. */
  readonly onCatalogueReject: (exchange: Exchange, reject: Reject) => void;
  readonly onMarketData: (reading: MarketDataReading) => void;
}

export interface Feeds {
  readonly feeds: readonly Feed[];
  readonly refresher: CatalogueRefresher;
  /** Only where `MARKET_DATA_URL` is set. */
  readonly marketData: MarketDataPoller | undefined;
  /** Runs everything until the signal aborts, and hands on each message as it arrives. */
  run(signal: AbortSignal, take: (received: FeedMessage) => void): Promise<void>;
}

/** With `SYMBOLS=ALL` one symbol proves the connections; the others' prices come by REST. */
const REFERENCE = [canonicalSymbol('BTC')];

export function createFeeds(options: FeedsOptions): Feeds {
  const { config, catalogue, clock, logger, offsetMs, onCatalogue, onCatalogueReject, onMarketData } = options;
  const { venues, symbols } = config;
  const refresher = new CatalogueRefresher({
    sources: venues.map(({ venue, urls }) => ({
      exchange: venue.name,
      lists: venue.rest(urls).contractLists,
      client: createRestClient({ clock, throttleCodes: venue.throttleCodes }),
    })),
    catalogue,
    clock,
    logger,
    onChange(exchange) {
      onCatalogue(exchange, refresher.status(exchange).missing.length === 0);
      websockets.find((feed) => feed.exchange === exchange)?.refresh();
    },
    onReject: onCatalogueReject,
  });
  const websockets: readonly WebsocketFeed[] = venues.map(({ venue, urls }) => {
    return new WebsocketFeed({
      venue,
      protocol: venue.protocol(urls.all('websocket')),
      catalogue,
      controlSymbols: new Set(symbols ?? REFERENCE),
      clock,
      logger,
      offsetMs: () => offsetMs(venue.name),
      hostOverride: urls.overrides.join(' ') || undefined,
      watchesAll: symbols === undefined,
      catalogueProblem: () => refresher.status(venue.name).problem,
    });
  });
  const pollers = venues.map(({ venue, urls }, index) => {
    return new RestPoller({
      venue,
      urls,
      catalogue,
      symbols,
      pollSeconds: config.oiPollSeconds,
      requestsPerHour: config.oiRequestsPerHour,
      client: createRestClient({ clock, throttleCodes: venue.throttleCodes }),
      clock,
      logger,
      missingLists: () => refresher.status(venue.name).missing,
      isStreamLive: () => websockets[index]?.status().connected === true,
    });
  });
  const marketData =
    config.marketDataUrl === undefined
      ? undefined
      : createMarketDataPoller({
          url: config.marketDataUrl,
          symbols: symbols ?? REFERENCE,
          exchanges: config.exchanges,
          client: createRestClient({ clock }),
          clock,
          logger,
          onReading: onMarketData,
        });
  const feeds: readonly Feed[] = [...websockets, ...pollers];
  return {
    feeds,
    refresher,
    marketData,
    async run(signal, take) {
      const read = async (feed: Feed) => {
        for await (const received of feed.messages(signal)) take(received);
      };
      await Promise.all([...feeds.map(read), refresher.run(signal), marketData?.run(signal)]);
    },
  };
}
