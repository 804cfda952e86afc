// The mark price of a symbol as Prometheus kept it: the median of the venues, so that one wrong venue moves nothing.
import type { PrometheusClient, SamplePoint } from '../engines/prometheus.ts';
import type { PricePoint } from './horizons.ts';

/** Every call throws an Error when Prometheus does not answer in time or not with a 2xx. */
export interface PriceHistory {
  /** `undefined` where no venue had a price then. */
  priceAt(symbol: string, atMs: number): Promise<number | undefined>;
  pricesBetween(symbol: string, fromMs: number, toMs: number): Promise<readonly PricePoint[]>;
}

const STEP_SECONDS = 5;

export function createPriceHistory(prometheus: PrometheusClient): PriceHistory {
  const expression = (symbol: string) =>
    `quantile(0.5, max by (exchange) (derivatives_mark_price_usd{symbol=${JSON.stringify(symbol)}}))`;
  return {
    async priceAt(symbol, atMs) {
      const [series] = await prometheus.query(expression(symbol), atMs);
      return toPrices(series?.points)[0]?.price;
    },
    async pricesBetween(symbol, fromMs, toMs) {
      const range = { fromMs, toMs, stepSeconds: STEP_SECONDS };
      const [series] = await prometheus.queryRange(expression(symbol), range);
      return toPrices(series?.points);
    },
  };
}

function toPrices(points: readonly SamplePoint[] = []): readonly PricePoint[] {
  return points.filter(({ value }) => value > 0).map(({ atMs, value }) => ({ atMs, price: value }));
}
