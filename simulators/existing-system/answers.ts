// What the existing market-data service answers, in its shapes; the figures are made up and never change.

export interface SimulatorAnswer {
  readonly status: number;
  readonly body: unknown;
}

const EXCHANGES = ['binance', 'bybit', 'okx'] as const;

/** @param body of the request, parsed; `undefined` where it was no JSON */
export function answerOf(method: string, path: string, body: unknown): SimulatorAnswer {
  if (method === 'GET' && path === '/health') return good({ status: 'healthy', service: 'market-data' });
  if (method !== 'POST') return { status: 404, body: { detail: 'Not Found' } };
  switch (path) {
    case '/multi_oi':
      return good(multiOpenInterest(textOf(body, 'base_symbol')));
    case '/combined_price':
    case '/price':
      return good({ success: true, data: { symbol: textOf(body, 'symbol'), price: 82_500, change_24h: -1.25 } });
    case '/volume_spike':
      return good({ success: true, data: { symbol: textOf(body, 'symbol'), is_spike: false, spike_percentage: 12.5 } });
    case '/cvd':
      return good({ success: true, data: { symbol: textOf(body, 'symbol'), cvd: [1, 2, 3], trend: 'up' } });
    case '/comprehensive_analysis':
      return good({ success: true, data: { price: { current: 82_500 }, volume: { ratio: 1.2 }, cvd: null } });
    case '/market_profile':
      return good({ success: true, data: { poc: 82_400, value_area: { high: 83_000, low: 81_900 } } });
    default:
      return { status: 404, body: { detail: 'Not Found' } };
  }
}

/** Fails with status 200, as the service does; `symbol` in the request is ignored by it. */
function multiOpenInterest(base: string | undefined): unknown {
  if (base !== 'BTC' && base !== 'ETH' && base !== 'SOL') {
    return { success: false, error: `no markets found for ${base ?? 'None'}`, base_symbol: base ?? null };
  }
  return {
    success: true,
    base_symbol: base,
    timestamp: '2026-11-20T09:30:00',
    total_markets: 9,
    aggregated_oi: {
      total_tokens: 30_000,
      total_usd: 2_475_000_000,
      total_volume_24h: 90_000,
      total_volume_24h_usd: 7_425_000_000,
      exchanges_count: 3,
    },
    exchange_breakdown: EXCHANGES.map((exchange) => breakdown(exchange, base)),
    market_categories: { linear: 6, inverse: 3 },
    validation_summary: { total: 9, failed: 0 },
  };
}

function breakdown(exchange: string, base: string): unknown {
  const market = {
    oi_tokens: 10_000,
    oi_usd: 825_000_000,
    funding_rate: 0.0001,
    volume_24h: 30_000,
    volume_24h_usd: 2_475_000_000,
  };
  return {
    exchange,
    oi_percentage: 33.3,
    markets: 3,
    ...market,
    market_breakdown: [{ type: 'USDT', symbol: `${base}USDT`, price: 82_500, ...market }],
  };
}

function good(body: unknown): SimulatorAnswer {
  return { status: 200, body };
}

function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = Object.entries(body).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
