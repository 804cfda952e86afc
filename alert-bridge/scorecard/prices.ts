// The mark price of a symbol as Prometheus kept it: the median of the venues, so that one wrong venue moves nothing.
import { field, listOf } from '../../common/json-shape.ts';
import { requestJson } from '../engines/http-json.ts';
import { figure } from '../model/alert.ts';
import type { PricePoint } from './horizons.ts';

/** Every call throws an Error when Prometheus does not answer in time or not with a 2xx. */
export interface PriceHistory {
  /** `undefined` where no venue had a price then. */
  priceAt(symbol: string, atMs: number): Promise<number | undefined>;
  pricesBetween(symbol: string, fromMs: number, toMs: number): Promise<readonly PricePoint[]>;
}

const STEP_SECONDS = 5;

export function createPriceHistory(url: string): PriceHistory {
  const expression = (symbol: string) =>
    `quantile(0.5, max by (exchange) (derivatives_mark_price_usd{symbol=${JSON.stringify(symbol)}}))`;
  const seconds = (ms: number) => (ms / 1_000).toFixed(3);
  const results = (answer: unknown) => listOf(field(field(answer, 'data'), 'result'));
  return {
    async priceAt(symbol, atMs) {
      const query = new URLSearchParams({ query: expression(symbol), time: seconds(atMs) });
      const answer = await requestJson(`${url}/api/v1/query?${query}`);
      return readPrice(field(results(answer)[0], 'value'))?.price;
    },
    async pricesBetween(symbol, fromMs, toMs) {
      const query = new URLSearchParams({
        query: expression(symbol),
        start: seconds(fromMs),
        end: seconds(toMs),
        step: String(STEP_SECONDS),
      });
      const answer = await requestJson(`${url}/api/v1/query_range?${query}`);
      return listOf(field(results(answer)[0], 'values')).flatMap((sample) => readPrice(sample) ?? []);
    },
  };
}

function readPrice(sample: unknown): PricePoint | undefined {
  const [at, value] = listOf(sample);
  const price = figure(String(value ?? ''));
  return typeof at === 'number' && price !== undefined && price > 0 ? { atMs: at * 1_000, price } : undefined;
}
