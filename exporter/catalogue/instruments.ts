// The contract catalogue: what each venue's contract names mean. Filled from REST at start, refreshed, never guessed.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { Exchange } from '../events.ts';

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

/** All contracts of the venues that have answered, looked up by the venue's own name for them. */
export class InstrumentCatalogue {
  readonly #listed = new Map<Exchange, ReadonlyMap<string, Instrument>>();

  /** Runs once per event: no closure, no chain of prototypes (`__proto__` is no contract). */
  get(exchange: Exchange, instrumentId: string): Instrument | undefined {
    return this.#listed.get(exchange)?.get(instrumentId);
  }

  /** All contracts of one venue; empty before its first answer. */
  list(exchange: Exchange): readonly Instrument[] {
    return [...(this.#listed.get(exchange)?.values() ?? [])];
  }

  /** Replaces a venue's contracts. An empty list is ignored: a bad answer must not make the whole venue unknown. */
  replace(exchange: Exchange, instruments: readonly Instrument[]): boolean {
    if (instruments.length === 0) return false;
    this.#listed.set(exchange, new Map(instruments.map((instrument) => [instrument.instrumentId, instrument])));
    return true;
  }
}
