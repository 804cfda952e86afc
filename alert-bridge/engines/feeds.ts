// Feeds that are up, and symbols that are watched, by Prometheus: for the answers to commands.
import type { PrometheusClient } from './prometheus.ts';

/** Feeds by name, in order. @throws Error when Prometheus does not answer. */
export async function readFeeds(
  prometheus: PrometheusClient,
): Promise<readonly (readonly [name: string, isConnected: boolean])[]> {
  return (await prometheus.query('max by (exchange, feed) (derivatives_feed_connected)'))
    .map(({ labels, points }) => {
      const name = `${labels.exchange} ${labels.feed?.replace('_', ' ')}`;
      return [name, points[0]?.value === 1] as const;
    })
    .toSorted(([a], [b]) => a.localeCompare(b));
}

/** Symbols that the exporter watches; empty where Prometheus knows none. @throws Error when it does not answer. */
export async function readWatchedSymbols(prometheus: PrometheusClient): Promise<readonly string[]> {
  const series = await prometheus.query('max by (symbol) (derivatives_watched_symbol)');
  return series.flatMap(({ labels }) => labels.symbol ?? []);
}
