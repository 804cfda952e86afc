// Totals of an episode: how far the exporter's counters grew between two moments.
import type { EpisodeTotals } from '../model/episode-totals.ts';
import type { PrometheusClient } from './prometheus.ts';

/**
 * Liquidations of a symbol between two moments; `undefined` where the counters cannot tell: a counter that was reset, or
 * that was not there at one of the moments.
 * @throws Error where Prometheus does not answer
 */
export async function readEpisodeTotals(
  prometheus: PrometheusClient,
  symbol: string,
  fromMs: number,
  toMs: number,
): Promise<EpisodeTotals | undefined> {
  /** Growth by side; NaN where it is not known. */
  const growthOf = async (metric: string) => {
    const expression = `sum by (side) (max by (exchange, symbol, side) (${metric}{symbol=${JSON.stringify(symbol)}}))`;
    const [before, after] = await Promise.all([
      prometheus.query(expression, fromMs),
      prometheus.query(expression, toMs),
    ]);
    const valueAt = (series: typeof before, side: string) =>
      series.find(({ labels }) => labels.side === side)?.points[0]?.value ?? Number.NaN;
    return (side: 'long' | 'short') => valueAt(after, side) - valueAt(before, side);
  };
  const [events, usd] = await Promise.all([
    growthOf('derivatives_liquidations_total'),
    growthOf('derivatives_liquidation_notional_usd_total'),
  ]);
  const totals = {
    longEvents: Math.round(events('long')),
    shortEvents: Math.round(events('short')),
    longUsd: usd('long'),
    shortUsd: usd('short'),
  };
  return Object.values(totals).every((value) => value >= 0) ? totals : undefined;
}
