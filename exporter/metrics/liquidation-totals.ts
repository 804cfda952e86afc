// Counters of liquidations since the start of the process.
import type { Registry } from 'prom-client';
import type { LiquidationTotal } from '../windows/liquidation-totals.ts';
import { registerCounter, registerFamilies } from './snapshot-metric.ts';
import type { MetricsSources } from './sources.ts';

export function registerLiquidationTotals(registry: Registry, { liquidations }: MetricsSources): void {
  registerFamilies<'exchange' | 'symbol' | 'side', LiquidationTotal>(registry, {
    type: 'counter',
    labelNames: ['exchange', 'symbol', 'side'],
    *read() {
      for (const total of liquidations.totals()) {
        const { exchange, symbol, side } = total;
        yield { labels: { exchange, symbol, side }, value: total };
      }
    },
    families: [
      {
        name: 'derivatives_liquidations_total',
        help: 'Liquidations reported by the venue, by side of the position that was closed; what is reported, not all there are: Binance sends the largest per symbol and second, OKX not every one.',
        figure: ({ events }) => events,
      },
      {
        name: 'derivatives_liquidation_notional_usd_total',
        help: 'Notional of the reported liquidations in US dollars, stablecoins at par; at the average fill price on Binance (ap), the bankruptcy price on Bybit (p), the liquidation price on OKX (bkPx), contracts times face value where inverse.',
        figure: ({ notionalUsd }) => notionalUsd,
      },
    ],
  });
  registerCounter(registry, {
    name: 'derivatives_liquidations_late_total',
    help: 'Liquidations of any symbol whose event time was more than 10 seconds old on arrival, after correction for the clock offset: counted, but no part of a burst.',
    labelNames: ['exchange'],
    *read() {
      for (const [exchange, events] of liquidations.lateTotals()) {
        yield { labels: { exchange }, value: events };
      }
    },
  });
  registerCounter(registry, {
    name: 'derivatives_liquidation_window_dropped_total',
    help: 'Liquidations that left the windows before their time because more came within 50 seconds than are kept; while it grows, windows and bursts are lower bounds.',
    labelNames: [],
    read: () => [{ labels: {}, value: liquidations.droppedTotal() }],
  });
}
