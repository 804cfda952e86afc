// How long liquidations travel: receive time minus event time.
import type { Registry } from 'prom-client';
import type { Exchange, Liquidation } from '../events.ts';
import { type HistogramSeries, SeriesHistogram } from './series-histogram.ts';

/** Bybit pushes every half second, Binance after its one-second window, OKX at times minutes late. */
const BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 60, 300];

export type ObserveLag = (liquidation: Liquidation) => void;

export function registerFeedLag(registry: Registry, exchanges: readonly Exchange[]): ObserveLag {
  const histogram = new SeriesHistogram({
    name: 'derivatives_feed_lag_seconds',
    help: 'Receive time minus event time of liquidations in seconds, each on its own clock: the error between the clocks is in it, see derivatives_clock_offset_seconds; an event from the future counts as 0.',
    labelNames: ['exchange'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const series = new Map<Exchange, HistogramSeries>(
    exchanges.map((exchange) => [exchange, histogram.series({ exchange })]),
  );
  return ({ exchange, receiveTime, eventTime }) => {
    series.get(exchange)?.observe(Math.max(0, receiveTime - eventTime) / 1_000);
  };
}
