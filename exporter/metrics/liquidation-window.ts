// The exact 30 s windows of each watched symbol, and of the whole market.
import type { Registry } from 'prom-client';
import { type CanonicalSymbol, usd } from '../../common/brands.ts';
import { SIDES } from '../events.ts';
import type { WindowPart } from '../windows/liquidation-window.ts';
import { registerFamilies, type Sample } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

const WINDOW = '30s';
/** With more configured symbols than this, idle ones have counters at 0 but no window: it would be ten thousand lines. */
const ZEROS_UP_TO_SYMBOLS = 50;

type MarketLabel = 'exchange' | 'side' | 'window';
type Label = MarketLabel | 'symbol';
/** A window with no event has no largest one. */
type Figures = Pick<WindowPart, 'events' | 'notionalUsd'> & Partial<WindowPart>;
const NOTHING: Figures = { events: 0, notionalUsd: usd(0) };

export function registerLiquidationWindow(registry: Registry, sources: MetricsSources, reading: () => Reading): void {
  const { symbols = [] } = sources;
  const listed = symbols.length <= ZEROS_UP_TO_SYMBOLS ? symbols : [];
  registerFamilies<Label, Figures>(registry, {
    type: 'gauge',
    labelNames: ['exchange', 'symbol', 'side', 'window'],
    read: () => symbolSamples(reading(), listed),
    families: [
      {
        name: 'derivatives_liquidation_window_events',
        help: 'Observed liquidations whose event time lies in the 30 seconds before the scrape; 0 only while the venue is heard.',
        figure: ({ events }) => events,
      },
      {
        name: 'derivatives_liquidation_window_notional_usd',
        help: 'Their notional in US dollars, stablecoins at par, as the venue reports it: a lower bound of what was liquidated.',
        figure: ({ notionalUsd }) => notionalUsd,
      },
      {
        name: 'derivatives_liquidation_window_largest_usd',
        help: 'Notional in US dollars of the largest single observed liquidation in the 30 seconds before the scrape; absent when there was none.',
        figure: ({ largestUsd }) => largestUsd,
      },
      {
        name: 'derivatives_liquidation_window_largest_price_usd',
        help: 'Price in US dollars per base unit of that largest liquidation: average fill on Binance, bankruptcy price on Bybit, liquidation price on OKX.',
        figure: ({ largestPriceUsd }) => largestPriceUsd,
      },
      {
        name: 'derivatives_liquidation_window_largest_timestamp_seconds',
        help: 'Event time of that largest liquidation, seconds since 1970 on our clock.',
        figure: ({ largestTime }) => (largestTime === undefined ? undefined : largestTime / 1_000),
      },
    ],
  });
}

export function registerMarketWindow(registry: Registry, reading: () => Reading): void {
  registerFamilies<MarketLabel, Figures>(registry, {
    type: 'gauge',
    labelNames: ['exchange', 'side', 'window'],
    *read() {
      const { market, liveVenues } = reading();
      for (const part of market.window) yield { labels: marketLabels(part), value: part };
      for (const pair of silentPairs(market.window, liveVenues)) yield { labels: marketLabels(pair), value: NOTHING };
    },
    families: [
      {
        name: 'derivatives_liquidation_market_window_events',
        help: 'Observed liquidations of every symbol the venue sends, watched or not, whose event time lies in the 30 seconds before the scrape.',
        figure: ({ events }) => events,
      },
      {
        name: 'derivatives_liquidation_market_window_notional_usd',
        help: 'Their notional in US dollars, stablecoins at par.',
        figure: ({ notionalUsd }) => notionalUsd,
      },
    ],
  });
}

type Pair = Pick<WindowPart, 'exchange' | 'side'>;

function* symbolSamples(reading: Reading, listed: readonly CanonicalSymbol[]): Generator<Sample<Label, Figures>> {
  const labels = ({ exchange, side }: Pair, symbol: string) => ({ exchange, symbol, side, window: WINDOW });
  const windows = new Map(reading.symbols.map(({ symbol, window }) => [symbol, window]));
  for (const [symbol, window] of windows) {
    for (const part of window) yield { labels: labels(part, symbol), value: part };
  }
  for (const symbol of listed) {
    for (const pair of silentPairs(windows.get(symbol) ?? [], reading.liveVenues)) {
      yield { labels: labels(pair, symbol), value: NOTHING };
    }
  }
}

/** The venues and sides of which "none" is a fact: heard, and not in the window. */
function* silentPairs(window: readonly WindowPart[], liveVenues: Reading['liveVenues']): Generator<Pair> {
  for (const exchange of liveVenues) {
    for (const side of SIDES) {
      if (!window.some((part) => part.exchange === exchange && part.side === side)) yield { exchange, side };
    }
  }
}

function marketLabels({ exchange, side }: Pair): Readonly<Record<MarketLabel, string>> {
  return { exchange, side, window: WINDOW };
}
