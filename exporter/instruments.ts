// The contract catalogue: what each venue's contract names mean. Filled from REST at start, refreshed, never guessed.
import type { CanonicalSymbol } from '../common/brands.ts';
import type { Exchange } from './events.ts';

/** One listed contract. */
export interface Instrument {
  readonly exchange: Exchange;
  readonly instrumentId: string;
  /** Canonical base asset: `PEPE` for `1000PEPE`. */
  readonly symbol: CanonicalSymbol;
  /** Canonical base units in one of the venue's base units: 1000 for `1000PEPE`, else 1. */
  readonly multiplier: number;
  readonly isPerpetual: boolean;
  readonly margin: 'linear' | 'inverse';
  /** Linear: the venue's base units in one contract (1 where sizes are given in base units). Inverse: US dollars in one contract. */
  readonly contractValue: number;
  /** Upper case, as the venue says it. */
  readonly quote: string;
  /** USD, USDT or USDC: only these become dollar figures. */
  readonly isUsdQuoted: boolean;
}

type Listing = ReadonlyMap<string, Instrument>;

/**
 * All contracts of the venues that have answered, looked up by the venue's own name for them. Two views: `get` and `list`
 * give what may be counted; `getListed` also what the price check has excluded, so that the next check can price it again.
 */
export class InstrumentCatalogue {
  readonly #listed: Record<Exchange, Listing> = { binance: new Map(), bybit: new Map(), okx: new Map() };
  readonly #trusted: Record<Exchange, Listing> = { binance: new Map(), bybit: new Map(), okx: new Map() };
  readonly #excluded: Record<Exchange, ReadonlySet<string>> = { binance: new Set(), bybit: new Set(), okx: new Set() };

  /** Runs once per event: two steps, no closure, no chain of prototypes (`__proto__` is no contract). */
  get(exchange: Exchange, instrumentId: string): Instrument | undefined {
    return this.#trusted[exchange].get(instrumentId);
  }

  /** As `get`, excluded contracts included: for mapping the mark prices that the price check compares. */
  getListed(exchange: Exchange, instrumentId: string): Instrument | undefined {
    return this.#listed[exchange].get(instrumentId);
  }

  /** All contracts of one venue that may be counted; empty before its first answer. */
  list(exchange: Exchange): readonly Instrument[] {
    return [...this.#trusted[exchange].values()];
  }

  /** Replaces a venue's contracts. An empty list is ignored: a bad answer must not make the whole venue unknown. */
  replace(exchange: Exchange, instruments: readonly Instrument[]): boolean {
    if (instruments.length === 0) return false;
    this.#listed[exchange] = new Map(instruments.map((instrument) => [instrument.instrumentId, instrument]));
    this.#sift(exchange);
    return true;
  }

  /** Sets which contracts of a venue are not to be counted, in place of those before; kept when the listing is replaced. */
  exclude(exchange: Exchange, instrumentIds: Iterable<string>): void {
    this.#excluded[exchange] = new Set(instrumentIds);
    this.#sift(exchange);
  }

  #sift(exchange: Exchange): void {
    const excluded = this.#excluded[exchange];
    const listed = this.#listed[exchange];
    this.#trusted[exchange] = excluded.size === 0 ? listed : new Map([...listed].filter(([id]) => !excluded.has(id)));
  }
}
