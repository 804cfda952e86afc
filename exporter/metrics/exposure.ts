// How long liquidations wait here until a scrape for the rules shows them: the stage between the venue's socket and Prometheus.
import type { Registry } from 'prom-client';
import type { EpochMs } from '../../common/brands.ts';
import { SeriesHistogram } from './series-histogram.ts';

/** Scraped twice a second; above that Prometheus is late, or away. */
const BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 5, 15, 60];

export interface Exposure {
  /** A liquidation was counted that was received then. */
  received(at: EpochMs): void;
  /** A scrape shows what has been counted. */
  shown(at: EpochMs): void;
}

export function registerExposure(registry: Registry): Exposure {
  const histogram = new SeriesHistogram({
    name: 'derivatives_scrape_wait_seconds',
    help: 'From the receipt of the oldest liquidation that no scrape of /metrics/alerting had shown to the scrape that showed it, in seconds; scrapes without a new one do not count.',
    labelNames: [],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const series = histogram.series({});
  let oldest: EpochMs | undefined;
  return {
    received(at) {
      oldest ??= at;
    },
    shown(at) {
      if (oldest !== undefined) series.observe(Math.max(0, at - oldest) / 1_000);
      oldest = undefined;
    },
  };
}
