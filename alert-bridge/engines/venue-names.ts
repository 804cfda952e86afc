// The names of the venues as people write them. The exporter publishes them and knows no bridge, so Prometheus is asked.
import type { PrometheusClient } from './prometheus.ts';

export interface VenueNames {
  /** Name by `exchange` label; those that are not known yet, or no longer, are absent. */
  readonly known: ReadonlyMap<string, string>;
  /** Asks again; to be called every minute or so. @throws Error when Prometheus does not answer: the names stay as they were */
  refresh(): Promise<void>;
}

export function createVenueNames(prometheus: Pick<PrometheusClient, 'query'>): VenueNames {
  const known = new Map<string, string>();
  return {
    known,
    async refresh() {
      for (const { labels } of await prometheus.query('max by (exchange, display_name) (derivatives_exchange_info)')) {
        if (labels.exchange && labels.display_name) known.set(labels.exchange, labels.display_name);
      }
    },
  };
}
