// Asks Prometheus what living alerts say now, and what an episode came to. Answers are unknown until checked; a Prometheus
// that is away costs a message its fresher figures, never the message.

import type { Agent } from 'undici';
import { request } from 'undici';
import { figure, type Texts } from '../model/alert.ts';
import type { EpisodeTotals } from '../model/episode-totals.ts';

export interface LiveAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
}

export interface PrometheusClient {
  /** The alerts that fire now. @throws Error when Prometheus does not answer in time or not in its own words. */
  alerts(): Promise<readonly LiveAlert[]>;
  /** Liquidations of a symbol between two moments, by the exporter's counters; `undefined` when they cannot tell. */
  totals(symbol: string, fromMs: number, toMs: number): Promise<EpisodeTotals | undefined>;
}

const TIMEOUT_MS = 2_000;
const MAX_BODY_BYTES = 4_194_304;

export function createPrometheusClient(url: string, dispatcher?: Agent): PrometheusClient {
  async function get(path: string): Promise<unknown> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { statusCode, body } = await request(`${url}${path}`, { signal, ...(dispatcher ? { dispatcher } : {}) });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BODY_BYTES) throw new RangeError(`Prometheus sent more than ${MAX_BODY_BYTES} bytes`);
      chunks.push(bytes);
    }
    if (statusCode !== 200) throw new Error(`Prometheus answered ${statusCode} to ${path.split('?')[0]}`);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }

  async function countersAt(metric: string, symbol: string, atMs: number): Promise<ReadonlyMap<string, number>> {
    const query = `sum by (side) (max by (exchange, symbol, side) (${metric}{symbol=${JSON.stringify(symbol)}}))`;
    const answer = await get(`/api/v1/query?query=${encodeURIComponent(query)}&time=${(atMs / 1_000).toFixed(3)}`);
    return new Map(
      list(field(field(answer, 'data'), 'result')).flatMap((sample) => {
        const side = field(field(sample, 'metric'), 'side');
        const value = figure(String(list(field(sample, 'value'))[1] ?? ''));
        return typeof side === 'string' && value !== undefined ? [[side, value] as const] : [];
      }),
    );
  }

  return {
    async alerts() {
      return list(field(field(await get('/api/v1/alerts'), 'data'), 'alerts'))
        .filter((alert) => field(alert, 'state') === 'firing')
        .map((alert) => ({ labels: texts(field(alert, 'labels')), annotations: texts(field(alert, 'annotations')) }));
    },
    async totals(symbol, fromMs, toMs) {
      const [events, notional] = ['derivatives_liquidations_total', 'derivatives_liquidation_notional_usd_total'];
      const [eventsFrom, eventsTo, usdFrom, usdTo] = await Promise.all([
        countersAt(events, symbol, fromMs),
        countersAt(events, symbol, toMs),
        countersAt(notional, symbol, fromMs),
        countersAt(notional, symbol, toMs),
      ]);
      const grown = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>, side: string) =>
        (to.get(side) ?? Number.NaN) - (from.get(side) ?? Number.NaN);
      const totals = {
        longEvents: Math.round(grown(eventsFrom, eventsTo, 'long')),
        shortEvents: Math.round(grown(eventsFrom, eventsTo, 'short')),
        longUsd: grown(usdFrom, usdTo, 'long'),
        shortUsd: grown(usdFrom, usdTo, 'short'),
      };
      // A counter that was reset, or that one moment lacks, tells nothing.
      return Object.values(totals).every((value) => value >= 0) ? totals : undefined;
    },
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): Texts {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
