// Webhooks as Alertmanager sends them, with cascades on as many symbols as a benchmark wants.

export interface WebhookWishes {
  readonly symbols: readonly string[];
  readonly startsAtMs: number;
}

export function webhookText({ symbols, startsAtMs }: WebhookWishes): string {
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{symbol="${symbols[0]}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'bridge',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://127.0.0.1:9093',
    alerts: symbols.map((symbol) => ({
      status: 'firing',
      labels: {
        alertname: 'LiquidationCascade',
        symbol,
        tier: '1',
        priority: 'high',
        severity: 'critical',
        category: 'market',
      },
      annotations: FIGURES,
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
    })),
  });
}

const FIGURES = {
  summary: 'liquidation cascade',
  description: 'Liquidations within 30 seconds reached count and value.',
  events: '7',
  long_events: '5',
  short_events: '2',
  notional_usd: '1200000',
  long_notional_usd: '900000',
  short_notional_usd: '300000',
  largest_usd: '400000',
  window_seconds: '30',
  venues: 'binance=600000,bybit=400000,okx=200000',
};
