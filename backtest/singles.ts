// How many single liquidations an alert about single ones tells of: two of one symbol within a minute are one alert, whose
// message is edited. Told apart by their event times, which the alert's own annotation asks for.
import type { Episode } from './alert-machine.ts';
import { queryIn } from './figures.ts';
import type { BacktestEngine } from './prometheus.ts';

/** Longer than any alert about a single liquidation holds on. */
const MAX_EPISODE_MS = 600_000;

/** `undefined` for an alert that is not about one liquidation, and for higher tiers, which tell of the same ones. */
export async function countSingles(
  { annotations, labels, firedAt, endedAt }: Episode,
  engine: Pick<BacktestEngine, 'queryRange'>,
): Promise<number | undefined> {
  const { event_timestamp: template, price_usd: price } = annotations;
  if (template === undefined || price === undefined || (labels.tier ?? '1') !== '1') return undefined;
  const query = queryIn(template, labels);
  if (query === undefined) return undefined;
  const until = Math.min(endedAt ?? firedAt, firedAt + MAX_EPISODE_MS);
  const series = await engine.queryRange(query, firedAt, until, 1);
  return new Set(series.flatMap(({ values }) => values)).size;
}
