// The exact 30 s windows of each watched symbol, and of the whole market.
import type { Registry } from 'prom-client';
import type { CanonicalSymbol } from '../../common/brands.ts';
import { SIDES } from '../events.ts';
import type { WindowPart } from '../windows/liquidation-window.ts';
import { registerGauge, type Sample } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

const WINDOW = '30s';
/** With more configured symbols than this, idle ones have counters at 0 but no window: it would be ten thousand lines. */
const ZEROS_UP_TO_SYMBOLS = 50;
const LABELS = ['exchange', 'symbol', 'side', 'window'] as const;
const MARKET_LABELS = ['exchange', 'side', 'window'] as const;

type WindowSample = Sample<(typeof LABELS)[number]>;
type Field = (part: WindowPart) => number;

export function registerLiquidationWindow(registry: Registry, sources: MetricsSources, reading: () => Reading): void {
  const { symbols = [] } = sources;
  const listed = symbols.length <= ZEROS_UP_TO_SYMBOLS ? symbols : [];
  const gauge = (name: string, help: string, field: Field, isZeroShown: boolean) =>
    registerGauge(registry, {
      name: `derivatives_liquidation_window_${name}`,
      help,
      labelNames: LABELS,
      read: () => symbolSamples(reading(), field, isZeroShown ? listed : []),
    });
  gauge(
    'events',
    'Observed liquidations whose event time lies in the 30 seconds before the scrape; 0 only while the venue is heard.',
    (part) => part.events,
    true,
  );
  gauge(
    'notional_usd',
    'Their notional in US dollars, stablecoins at par, as the venue reports it: a lower bound of what was liquidated.',
    (part) => part.notionalUsd,
    true,
  );
  gauge(
    'largest_usd',
    'Notional in US dollars of the largest single observed liquidation in the 30 seconds before the scrape; absent when there was none.',
    (part) => part.largestUsd,
    false,
  );
  gauge(
    'largest_price_usd',
    'Price in US dollars per base unit of that largest liquidation: average fill on Binance, bankruptcy price on Bybit, liquidation price on OKX.',
    (part) => part.largestPriceUsd,
    false,
  );
  gauge(
    'largest_timestamp_seconds',
    'Event time of that largest liquidation, seconds since 1970 on our clock.',
    (part) => part.largestTime / 1_000,
    false,
  );
}

export function registerMarketWindow(registry: Registry, reading: () => Reading): void {
  const gauge = (name: string, help: string, field: Field) =>
    registerGauge(registry, {
      name: `derivatives_liquidation_market_window_${name}`,
      help,
      labelNames: MARKET_LABELS,
      *read() {
        const { market, liveVenues } = reading();
        for (const part of market.window) yield { labels: marketLabels(part), value: field(part) };
        for (const pair of silentPairs(market.window, liveVenues)) yield { labels: marketLabels(pair), value: 0 };
      },
    });
  gauge(
    'events',
    'Observed liquidations of every symbol the venue sends, watched or not, whose event time lies in the 30 seconds before the scrape.',
    (part) => part.events,
  );
  gauge('notional_usd', 'Their notional in US dollars, stablecoins at par.', (part) => part.notionalUsd);
}

type Pair = Pick<WindowPart, 'exchange' | 'side'>;

function* symbolSamples(reading: Reading, field: Field, listed: readonly CanonicalSymbol[]): Generator<WindowSample> {
  const labels = ({ exchange, side }: Pair, symbol: string) => ({ exchange, symbol, side, window: WINDOW });
  const windows = new Map(reading.symbols.map(({ symbol, window }) => [symbol, window]));
  for (const [symbol, window] of windows) {
    for (const part of window) yield { labels: labels(part, symbol), value: field(part) };
  }
  for (const symbol of listed) {
    for (const pair of silentPairs(windows.get(symbol) ?? [], reading.liveVenues)) {
      yield { labels: labels(pair, symbol), value: 0 };
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

function marketLabels({ exchange, side }: Pair): Readonly<Record<(typeof MARKET_LABELS)[number], string>> {
  return { exchange, side, window: WINDOW };
}
