// Which feeds are up and which symbols are watched, as Prometheus knows it: for what commands answer.
import { field, listOf } from '../../common/json-shape.ts';
import { requestJson } from './http-json.ts';

/** Feeds by name, in order. @throws Error when Prometheus does not answer. */
export async function readFeeds(
  prometheusUrl: string,
): Promise<readonly (readonly [name: string, isConnected: boolean])[]> {
  return (await samplesOf(prometheusUrl, 'max by (exchange, feed) (derivatives_feed_connected)'))
    .map((sample) => {
      const metric = field(sample, 'metric');
      const name = `${String(field(metric, 'exchange'))} ${String(field(metric, 'feed')).replace('_', ' ')}`;
      return [name, listOf(field(sample, 'value'))[1] === '1'] as const;
    })
    .toSorted(([a], [b]) => a.localeCompare(b));
}

/** Symbols that the exporter watches; empty where Prometheus knows none. @throws Error when it does not answer. */
export async function readWatchedSymbols(prometheusUrl: string): Promise<readonly string[]> {
  const samples = await samplesOf(prometheusUrl, 'max by (symbol) (derivatives_watched_symbol)');
  return samples.map((sample) => String(field(field(sample, 'metric'), 'symbol')));
}

async function samplesOf(prometheusUrl: string, query: string): Promise<readonly unknown[]> {
  const answer = await requestJson(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
  return listOf(field(field(answer, 'data'), 'result'));
}
