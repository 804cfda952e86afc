// The documented endpoints of the existing service that a baseline asks: read-only, all of them.
import type { HttpCall } from '../http-answer.ts';

export interface Endpoint {
  /** How reports name it. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

const BY_SYMBOL = { symbol: 'BTC/USDT' };

export const ENDPOINTS: readonly Endpoint[] = [
  { name: 'health', method: 'GET', path: '/health' },
  { name: 'multi_oi', method: 'POST', path: '/multi_oi', body: { base_symbol: 'BTC' } },
  { name: 'combined_price', method: 'POST', path: '/combined_price', body: BY_SYMBOL },
  { name: 'price', method: 'POST', path: '/price', body: BY_SYMBOL },
  { name: 'volume_spike', method: 'POST', path: '/volume_spike', body: BY_SYMBOL },
  { name: 'cvd', method: 'POST', path: '/cvd', body: BY_SYMBOL },
  { name: 'comprehensive_analysis', method: 'POST', path: '/comprehensive_analysis', body: BY_SYMBOL },
  { name: 'market_profile', method: 'POST', path: '/market_profile', body: BY_SYMBOL },
];

/** Some of these ask exchanges themselves before they answer. */
const TIMEOUT_MS = 30_000;

export function callOf(baseUrl: string, { method, path, body }: Endpoint): HttpCall {
  const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
  return { url, method, timeoutMs: TIMEOUT_MS, ...(body === undefined ? {} : { body }) };
}
