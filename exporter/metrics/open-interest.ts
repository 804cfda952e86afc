// Open interest and mark price of each venue and symbol; absent, not old, where a source is stale.
import type { Registry } from 'prom-client';
import type { VenueState } from '../windows/latest-state.ts';
import { registerFamilies, registerGauge } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

const LABELS = ['exchange', 'symbol'] as const;

export function registerOpenInterest(registry: Registry, sources: MetricsSources, reading: () => Reading): void {
  registerFamilies<(typeof LABELS)[number], VenueState>(registry, {
    type: 'gauge',
    labelNames: LABELS,
    *read() {
      for (const state of reading().state) {
        yield { labels: { exchange: state.exchange, symbol: state.symbol }, value: state };
      }
    },
    families: [
      {
        name: 'derivatives_open_interest_base',
        help: 'Open interest in base asset units over the covered contracts, one side counted (Bybit singleOpenInterest), dollars of inverse contracts turned into coins at the mark price; absent while any contract is stale.',
        figure: (state) => state.openInterestBase,
      },
      {
        name: 'derivatives_open_interest_usd',
        help: 'The same open interest in US dollars: base units times the mark price, stablecoins at par.',
        figure: (state) => state.openInterestUsd,
      },
      {
        name: 'derivatives_mark_price_usd',
        help: 'Mark price in US dollars per base unit of the linear USDT contract of the symbol, of another contract where there is none; absent when stale.',
        figure: (state) => state.markPriceUsd,
      },
    ],
  });
  registerGauge(registry, {
    name: 'derivatives_open_interest_existing_usd',
    help: 'Open interest in US dollars as the existing market-data service reports it (oi_usd), which counts both sides on Bybit: for cross-checks, never mixed into ours.',
    labelNames: LABELS,
    *read() {
      for (const { exchange, symbol, notionalUsd } of sources.existingOpenInterest()) {
        yield { labels: { exchange, symbol }, value: notionalUsd };
      }
    },
  });
}
