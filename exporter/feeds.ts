// From configuration to running feeds: each venue's protocol, its websocket feed and its poller, and the refresher that
// tells them of contracts. A new exchange does not compile until it has a protocol.
import { canonicalSymbol } from '../common/brands.ts';
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { CatalogueRefresher } from './catalogue/catalogue-refresher.ts';
import type { InstrumentCatalogue } from './catalogue/instruments.ts';
import type { ExporterConfig } from './config/config.ts';
import { WebsocketFeed } from './connections/websocket-feed.ts';
import type { Exchange } from './events.ts';
import {
  createMarketDataPoller,
  type MarketDataPoller,
  type MarketDataReading,
} from './existing-service/market-data.ts';
import type { Feed, FeedOutput } from './feed.ts';
import { RestPoller } from './polling/rest-poller.ts';
import { createRestClient } from './requests/rest-client.ts';
import { binanceProtocol } from './venues/binance/protocol.ts';
import { bybitProtocol } from './venues/bybit/protocol.ts';
import { okxProtocol } from './venues/okx/protocol.ts';
import { MAPPERS } from './venues/registry.ts';
import type { VenueProtocol } from './venues/venue-protocol.ts';
import { contractLists } from './venues/venue-rest.ts';

const PROTOCOLS: Readonly<Record<Exchange, (urls: readonly string[]) => VenueProtocol>> = {
  binance: binanceProtocol,
  bybit: bybitProtocol,
  okx: okxProtocol,
};

export interface FeedsOptions {
  readonly config: ExporterConfig;
  readonly catalogue: InstrumentCatalogue;
  readonly output: FeedOutput;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Our clock minus the venue's, milliseconds, where known. */
  readonly offsetMs: (exchange: Exchange) => number | undefined;
  /** A venue's contracts have changed: covered contracts must be set anew. @param isWhole no list is missing */
  readonly onCatalogue: (exchange: Exchange, isWhole: boolean) => void;
  readonly onMarketData: (reading: MarketDataReading) => void;
}

export interface Feeds {
  readonly feeds: readonly Feed[];
  readonly refresher: CatalogueRefresher;
  /** Only where `MARKET_DATA_URL` is set. */
  readonly marketData: MarketDataPoller | undefined;
  /** Runs everything until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** With `SYMBOLS=ALL` one symbol proves the routes; the others' prices come by REST. */
const REFERENCE = [canonicalSymbol('BTC')];

export function createFeeds(options: FeedsOptions): Feeds {
  const { config, catalogue, output, clock, logger, offsetMs } = options;
  const client = createRestClient(clock);
  const controlSymbols = new Set(config.symbols ?? REFERENCE);
  const websockets = config.exchanges.map((exchange) => {
    const { websocket, overrides } = config.urls[exchange];
    return new WebsocketFeed({
      protocol: PROTOCOLS[exchange](websocket),
      mapper: MAPPERS[exchange],
      catalogue,
      controlSymbols,
      output,
      clock,
      logger,
      offsetMs: () => offsetMs(exchange),
      hostOverride: overrides.join(' ') || undefined,
      watchesAll: config.symbols === undefined,
      catalogueProblem: () => refresher.status(exchange).problem,
    });
  });
  const pollers = config.exchanges.map((exchange) => {
    return new RestPoller({
      mapper: MAPPERS[exchange],
      catalogue,
      urls: config.urls[exchange],
      symbols: config.symbols,
      pollSeconds: config.oiPollSeconds,
      requestsPerHour: config.oiRequestsPerHour,
      client,
      output,
      clock,
      logger,
      missingLists: () => refresher.status(exchange).missing,
      isStreamLive: () => websockets.some((feed) => feed.exchange === exchange && feed.status().connected),
    });
  });
  const refresher: CatalogueRefresher = new CatalogueRefresher({
    exchanges: config.exchanges,
    lists: config.exchanges.flatMap((exchange) => contractLists(exchange, config.urls[exchange])),
    catalogue,
    client,
    clock,
    logger,
    onChange(exchange) {
      options.onCatalogue(exchange, refresher.status(exchange).missing.length === 0);
      websockets.find((feed) => feed.exchange === exchange)?.refresh();
    },
    onReject: (exchange, reject) => output.onReject(exchange, 'open_interest', reject),
  });
  const marketData =
    config.marketDataUrl === undefined
      ? undefined
      : createMarketDataPoller({
          url: config.marketDataUrl,
          symbols: config.symbols ?? REFERENCE,
          client,
          clock,
          logger,
          onReading: options.onMarketData,
        });
  const feeds: readonly Feed[] = [...websockets, ...pollers];
  return {
    feeds,
    refresher,
    marketData,
    async run(signal) {
      await Promise.all([...feeds, refresher, ...(marketData ? [marketData] : [])].map((part) => part.run(signal)));
    },
  };
}
