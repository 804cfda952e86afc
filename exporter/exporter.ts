// The exporter as one thing that can be started and stopped: builds every stage and joins them. `main.ts` is the process
// around it; tests start it in their own process, on a port of their own.
import type { FastifyInstance } from 'fastify';
import { type Clock, createSystemClock } from '../common/clock.ts';
import { createHttpServer } from '../common/http-server.ts';
import type { Logger } from '../common/logger.ts';
import { InstrumentCatalogue } from './catalogue/instruments.ts';
import { unlistedSymbols } from './catalogue/unlisted-symbols.ts';
import type { ExporterConfig } from './config/config.ts';
import type { Exchange } from './events.ts';
import { ExistingOpenInterest } from './existing-service/latest-readings.ts';
import { createFeeds } from './feeds.ts';
import { registerRoutes } from './http/routes.ts';
import { createExporterMetrics } from './metrics/exporter-metrics.ts';
import { watchThresholdTable } from './metrics/threshold-table.ts';
import { createPipeline } from './pipeline.ts';
import { coverOpenInterest } from './polling/open-interest-coverage.ts';
import { createTradeJournal } from './trading/trade-journal.ts';
import { registerTradingMetrics } from './trading/trading-metrics.ts';
import { ClockOffsets } from './windows/clock-offset.ts';
import { LatestState, maxStateAgeMs } from './windows/latest-state.ts';
import { LiquidationStore } from './windows/liquidation-store.ts';

export interface ExporterOptions {
  readonly config: ExporterConfig;
  readonly logger: Logger;
  readonly version: string;
  readonly clock?: Clock;
}

export interface Exporter {
  readonly server: FastifyInstance;
  /** Listens, then runs the feeds. @returns the address it listens on */
  start(): Promise<string>;
  /** Stops the feeds, then the server; resolves when both are gone. */
  stop(): Promise<void>;
}

export function createExporter({ config, logger, version, clock = createSystemClock() }: ExporterOptions): Exporter {
  const { exchanges, symbols } = config;
  const startedMs = clock.monotonicMs();
  const catalogue = new InstrumentCatalogue();
  const offsets = new ClockOffsets();
  const state = new LatestState();
  const existing = new ExistingOpenInterest();
  const liquidations = new LiquidationStore({ symbols, exchanges, ringSize: config.ringSize });

  const journal =
    config.tradeJournalPath === undefined
      ? undefined
      : createTradeJournal({ path: config.tradeJournalPath, clock, logger });

  const metrics = createExporterMetrics({
    version,
    clock,
    symbols,
    venues: config.venues.map(({ venue }) => venue),
    overrides: config.overrides,
    liquidations,
    offsets,
    state,
    maxStateAgeMs: (exchange) => maxStateAgeMs(cadenceOf(exchange)),
    feeds: () => feeds.feeds.map((feed) => feed.status()),
    existingOpenInterest: () =>
      existing.read(clock.now()).map(({ openInterestUsd, ...rest }) => ({ ...rest, notionalUsd: openInterestUsd })),
    ...(config.thresholdsFile === undefined ? {} : { thresholdTableHash: watchThresholdTable(config.thresholdsFile) }),
    registerMore: (registry) => journal && registerTradingMetrics(registry, () => journal.performance),
  });
  const pipeline = createPipeline({ clock, logger, liquidations, offsets, state, metrics });
  const feeds = createFeeds({
    config,
    catalogue,
    clock,
    logger,
    offsetMs: (exchange) => offsets.measuredMs(exchange, clock.now()),
    onCatalogue(exchange, isWhole) {
      const venue = config.venues.find(({ venue }) => venue.name === exchange)?.venue;
      if (!venue) return;
      const bounds = { symbols, requestsPerHour: config.oiRequestsPerHour };
      state.cover(exchange, coverOpenInterest(venue, catalogue.list(exchange), bounds).contracts, isWhole);
    },
    onCatalogueReject: (exchange, reject) => pipeline.drop(exchange, 'open_interest', reject),
    onMarketData: (reading) => existing.record(reading),
  });

  function cadenceOf(exchange: Exchange): number | undefined {
    const poller = feeds.feeds.find((feed) => feed.exchange === exchange && feed.feed === 'open_interest');
    return poller?.status().cadenceSeconds;
  }

  const catalogues = () => exchanges.map((exchange) => feeds.refresher.status(exchange));
  const server = createHttpServer({ logger });
  registerRoutes(server, {
    metricsChunks: metrics.chunks,
    alertingChunks: metrics.alertingChunks,
    metricsContentType: metrics.contentType,
    recent: () => liquidations.recent.newestFirst(),
    feeds: () => feeds.feeds.map((feed) => feed.status()),
    catalogues,
    unlisted: () => unlistedSymbols(symbols, catalogue, catalogues()),
    existingServiceError: () => feeds.marketData?.lastError(),
    verdicts: () => feeds.refresher.verdicts,
    uptimeSeconds: () => (clock.monotonicMs() - startedMs) / 1_000,
  });

  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    server,
    async start() {
      const address = await server.listen({ host: config.host, port: config.port });
      for (const { venue, urls } of config.venues) {
        const { overrides } = urls;
        if (overrides.length > 0) logger.warn({ exchange: venue.name, overrides }, 'host differs from the venue’s own');
      }
      running = Promise.all([feeds.run(stopping.signal, pipeline.take), journal?.run(stopping.signal)]);
      return address;
    },
    async stop() {
      stopping.abort();
      await running;
      await server.close();
    },
  };
}
