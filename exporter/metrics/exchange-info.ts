// What is fixed of each venue: how people write its name, and whether it publishes only a sample.
import type { Registry } from 'prom-client';
import { registerGauge } from './snapshot-metric.ts';
import type { MetricsSources } from './sources.ts';

export function registerExchangeInfo(registry: Registry, { venues }: MetricsSources): void {
  registerGauge(registry, {
    name: 'derivatives_exchange_info',
    help: '1 for each venue that is watched; display_name is its name as people write it, for messages.',
    labelNames: ['exchange', 'display_name'],
    *read() {
      for (const { name, displayName } of venues) {
        yield { labels: { exchange: name, display_name: displayName }, value: 1 };
      }
    },
  });
  registerGauge(registry, {
    name: 'derivatives_feed_sampled',
    help: '1 where the venue publishes only a sample of its liquidations: Binance the largest order per symbol and second; OKX gives no cap but says that it does not send all.',
    labelNames: ['exchange'],
    *read() {
      for (const { name, isSampled } of venues) yield { labels: { exchange: name }, value: isSampled ? 1 : 0 };
    },
  });
}
