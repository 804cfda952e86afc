// The exporter's metrics over a book, a state and feeds that a test fills, and a clock that it moves.
import { canonicalSymbol, type EpochMs, epochMs, usd } from '../../../common/brands.ts';
import type { Clock } from '../../../common/clock.ts';
import { type Exchange, FEED_KINDS, type FeedKind } from '../../../exporter/events.ts';
import type { FeedStatus } from '../../../exporter/feed.ts';
import { createExporterMetrics, type ExporterMetrics } from '../../../exporter/metrics/exporter-metrics.ts';
import type { MetricsSources } from '../../../exporter/metrics/sources.ts';
import { ClockOffsets } from '../../../exporter/windows/clock-offset.ts';
import { LatestState } from '../../../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED, venueOf } from '../../support/venues.ts';
import { START } from '../windows/liquidations.ts';

export const BTC = canonicalSymbol('BTC');

export interface MetricsStand {
  readonly metrics: ExporterMetrics;
  readonly liquidations: LiquidationStore;
  readonly offsets: ClockOffsets;
  readonly state: LatestState;
  /** Milliseconds after START. */
  moveTo(at: number): void;
}

export function feedStatus(exchange: Exchange, feed: FeedKind, part: Partial<FeedStatus> = {}): FeedStatus {
  return {
    exchange,
    feed,
    connected: true,
    lastMessageAt: epochMs(START - 500),
    connectedSince: epochMs(START - 60_000),
    reconnects: 1,
    messages: 42,
    coverage: { wanted: 6, confirmed: 5 },
    cadenceSeconds: feed === 'open_interest' ? 225 : undefined,
    requestsLastHour: feed === 'open_interest' ? 96 : 0,
    lastError: undefined,
    hostOverride: undefined,
    circuit: 'closed',
    ...part,
  };
}

export const ALL_FEEDS: readonly FeedStatus[] = SIMULATED.flatMap((exchange) =>
  FEED_KINDS.map((feed) => feedStatus(exchange, feed)),
);

export function openMetrics(part: Partial<MetricsSources> = {}): MetricsStand {
  let now: EpochMs = epochMs(START);
  const clock: Clock = { now: () => now, wallNow: () => now, monotonicMs: () => now, sleep: () => Promise.resolve() };
  const venues = part.venues ?? SIMULATED.map(venueOf);
  const exchanges = venues.map(({ name }) => name);
  const symbols = 'symbols' in part ? part.symbols : [BTC];
  const liquidations = new LiquidationStore({ symbols, exchanges, ringSize: 10 });
  const offsets = new ClockOffsets();
  const state = new LatestState();
  const metrics = createExporterMetrics({
    version: '1.2.3',
    clock,
    venues,
    overrides: [],
    liquidations,
    offsets,
    state,
    maxStateAgeMs: () => 60_000,
    feeds: () => ALL_FEEDS,
    existingOpenInterest: () => [],
    ...part,
    symbols,
  });
  return {
    metrics,
    liquidations,
    offsets,
    state,
    moveTo(at) {
      now = epochMs(START + at);
    },
  };
}

/** One linear contract of a venue with open interest and mark price, received at START + `at`. */
export function fillState(state: LatestState, exchange: Exchange, at = 0): void {
  const contract = { exchange, instrumentId: 'BTCUSDT', symbol: BTC, receiveTime: epochMs(START + at) } as const;
  state.cover(exchange, [{ instrumentId: 'BTCUSDT', symbol: BTC, margin: 'linear', quote: 'USDT' }]);
  state.recordOpenInterest({ ...contract, type: 'open_interest', baseQuantity: 25_000, notionalUsd: undefined });
  state.recordMarkPrice({ ...contract, type: 'mark_price', priceUsd: usd(80_000) });
}

/** The lines of a text that carry a value of one series, without its name. */
export function seriesOf(text: string, name: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));
}
