// Which feeds are up, as Prometheus knows it: for `/status`.
import { field, list, requestJson } from './http-json.ts';

/** Feeds by name, in order. @throws Error when Prometheus does not answer. */
export async function readFeeds(
  prometheusUrl: string,
): Promise<readonly (readonly [name: string, isConnected: boolean])[]> {
  const query = encodeURIComponent('max by (exchange, feed) (derivatives_feed_connected)');
  const answer = await requestJson(`${prometheusUrl}/api/v1/query?query=${query}`);
  return list(field(field(answer, 'data'), 'result'))
    .map((sample) => {
      const metric = field(sample, 'metric');
      const name = `${String(field(metric, 'exchange'))} ${String(field(metric, 'feed')).replace('_', ' ')}`;
      return [name, list(field(sample, 'value'))[1] === '1'] as const;
    })
    .toSorted(([a], [b]) => a.localeCompare(b));
}
