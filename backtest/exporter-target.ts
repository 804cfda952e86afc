// What the exporter would show at a scrape, under the names and labels of METRICS.md, straight from its windows: a day has
// 86,400 scrapes, and writing and reading each as text would take longer than all the rest.
import type { CanonicalSymbol, EpochMs } from '../common/brands.ts';
import type { Burst } from '../exporter/windows/burst.ts';
import type { VenueState } from '../exporter/windows/latest-state.ts';
import type { MarketView, SymbolView } from '../exporter/windows/liquidation-store.ts';
import type { LiquidationTotal } from '../exporter/windows/liquidation-totals.ts';
import type { WindowPart } from '../exporter/windows/liquidation-window.ts';
import { type SampleBatch, type SeriesHandle, SeriesWriter } from './series-writer.ts';

export interface ExporterMoment {
  readonly symbols: readonly SymbolView[];
  readonly market: MarketView;
  readonly state: Iterable<VenueState>;
  readonly watched: Iterable<CanonicalSymbol>;
}

const BURST = 'derivatives_liquidation_burst_';
const MARKET_BURST = 'derivatives_liquidation_market_burst_';
const WINDOW = 'derivatives_liquidation_window_';
const MARKET_WINDOW = 'derivatives_liquidation_market_window_';

/**
 * Every series that a recording can fill: a rule that asks for others finds nothing. Windows without a liquidation are
 * absent, although the exporter shows 0 while it hears the venue: a recording does not say whether it was heard.
 */
export const SHOWN_SERIES: ReadonlySet<string> = new Set([
  ...['events', 'notional_usd', 'timestamp_seconds', 'split_events', 'split_notional_usd'].flatMap((name) => [
    `${BURST}${name}`,
    `${MARKET_BURST}${name}`,
  ]),
  `${BURST}largest_usd`,
  `${MARKET_BURST}largest_usd`,
  `${MARKET_BURST}symbol_notional_usd`,
  `${MARKET_BURST}front_points`,
  ...['events', 'notional_usd'].flatMap((name) => [`${WINDOW}${name}`, `${MARKET_WINDOW}${name}`]),
  ...['largest_usd', 'largest_price_usd', 'largest_timestamp_seconds'].map((name) => `${WINDOW}${name}`),
  'derivatives_open_interest_base',
  'derivatives_open_interest_usd',
  'derivatives_mark_price_usd',
  'derivatives_watched_symbol',
  'derivatives_liquidations_total',
  'derivatives_liquidation_notional_usd_total',
]);

/** One scrape job of prometheus.yml; only the series that the rules want are kept. */
export class ExporterTarget {
  readonly #writer: SeriesWriter;
  readonly #wanted: ReadonlySet<string>;
  readonly #job: string;
  readonly #handles = new Map<string, SeriesHandle>();

  constructor(
    job: string,
    batch: SampleBatch,
    { wanted, dense }: { readonly wanted: ReadonlySet<string>; readonly dense: ReadonlySet<string> },
  ) {
    this.#job = job;
    this.#wanted = wanted;
    this.#writer = new SeriesWriter(batch, dense);
  }

  /** `/metrics/alerting`: windows, bursts, open interest. */
  showMarket(now: EpochMs, { symbols, market, state, watched }: ExporterMoment): void {
    this.#writer.begin(now);
    for (const { symbol, window, bursts } of symbols) {
      for (const part of window) this.#showWindow(WINDOW, part, symbol);
      for (const [slot, burst] of bursts.slots.entries()) this.#showBurst(BURST, burst, slot, symbol);
    }
    for (const part of market.window) this.#showWindow(MARKET_WINDOW, part, undefined);
    this.#show(`${MARKET_BURST}front_points`, market.points, {});
    for (const [slot, { burst, largestSymbol, topSymbols }] of market.bursts.entries()) {
      this.#showBurst(MARKET_BURST, burst, slot, undefined);
      this.#show(`${MARKET_BURST}largest_usd`, burst.largestUsd, { slot: String(slot), symbol: largestSymbol });
      for (const { symbol, notionalUsd } of topSymbols) {
        this.#show(`${MARKET_BURST}symbol_notional_usd`, notionalUsd, { slot: String(slot), symbol });
      }
    }
    for (const { exchange, symbol, openInterestBase, openInterestUsd, markPriceUsd } of state) {
      this.#show('derivatives_open_interest_base', openInterestBase, { exchange, symbol });
      this.#show('derivatives_open_interest_usd', openInterestUsd, { exchange, symbol });
      this.#show('derivatives_mark_price_usd', markPriceUsd, { exchange, symbol });
    }
    for (const symbol of watched) this.#show('derivatives_watched_symbol', 1, { symbol });
    this.#writer.end();
  }

  /** The counters of `/metrics`. */
  showTotals(now: EpochMs, totals: Iterable<LiquidationTotal>): void {
    this.#writer.begin(now);
    for (const { exchange, symbol, side, events, notionalUsd } of totals) {
      this.#show('derivatives_liquidations_total', events, { exchange, symbol, side });
      this.#show('derivatives_liquidation_notional_usd_total', notionalUsd, { exchange, symbol, side });
    }
    this.#writer.end();
  }

  #showBurst(prefix: string, burst: Burst, slotNumber: number, symbol: string | undefined): void {
    const slot = String(slotNumber);
    const own = symbol === undefined ? { slot } : { symbol, slot };
    this.#show(`${prefix}events`, burst.events, own);
    this.#show(`${prefix}notional_usd`, burst.notionalUsd, own);
    if (symbol !== undefined) this.#show(`${prefix}largest_usd`, burst.largestUsd, own);
    this.#show(`${prefix}timestamp_seconds`, burst.endTime / 1_000, own);
    for (const { exchange, side, events, notionalUsd } of burst.parts) {
      const labels = { ...own, exchange, side };
      this.#show(`${prefix}split_events`, events, labels);
      this.#show(`${prefix}split_notional_usd`, notionalUsd, labels);
    }
  }

  #showWindow(prefix: string, part: WindowPart, symbol: string | undefined): void {
    const place = { exchange: part.exchange, side: part.side, window: '30s' };
    const labels = symbol === undefined ? place : { ...place, symbol };
    this.#show(`${prefix}events`, part.events, labels);
    this.#show(`${prefix}notional_usd`, part.notionalUsd, labels);
    if (symbol === undefined) return;
    this.#show(`${prefix}largest_usd`, part.largestUsd, labels);
    this.#show(`${prefix}largest_price_usd`, part.largestPriceUsd, labels);
    this.#show(`${prefix}largest_timestamp_seconds`, part.largestTime / 1_000, labels);
  }

  #show(name: string, value: number | undefined, labels: Readonly<Record<string, string>>): void {
    if (value === undefined || !this.#wanted.has(name)) return;
    let key = name;
    for (const label in labels) key += `\0${labels[label]}`;
    let handle = this.#handles.get(key);
    if (!handle) {
      handle = this.#writer.series(name, { ...labels, job: this.#job, instance: 'exporter:8002' });
      this.#handles.set(key, handle);
    }
    this.#writer.set(handle, value);
  }
}
