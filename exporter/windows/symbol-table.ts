// Symbols as small numbers. Bounded: a symbol beyond the bound shares the last number, under the name OTHER.
import { type CanonicalSymbol, canonicalSymbol } from '../../common/brands.ts';

/** 13 bits. The three venues list about 1,500 base assets together, and names come from their catalogues only. */
export const MAX_SYMBOLS = 8_192;

const OTHER = canonicalSymbol('OTHER');

export class SymbolTable {
  readonly #ids = new Map<CanonicalSymbol, number>();
  readonly #symbols: CanonicalSymbol[] = [];
  readonly #maxSymbols: number;

  /** @param maxSymbols at most `MAX_SYMBOLS`; smaller ones are for tests */
  constructor(maxSymbols: number = MAX_SYMBOLS) {
    this.#maxSymbols = Math.min(maxSymbols, MAX_SYMBOLS);
  }

  get size(): number {
    return this.#symbols.length;
  }

  /** The number of a symbol, given at its first sight; it never changes. */
  idOf(symbol: CanonicalSymbol): number {
    const known = this.#ids.get(symbol);
    if (known !== undefined) return known;
    if (this.#symbols.length >= this.#maxSymbols - 1) {
      this.#symbols[this.#maxSymbols - 1] = OTHER;
      return this.#maxSymbols - 1;
    }
    const id = this.#symbols.push(symbol) - 1;
    this.#ids.set(symbol, id);
    return id;
  }

  /** @throws RangeError for a number that `idOf` never gave. */
  symbolOf(id: number): CanonicalSymbol {
    const symbol = this.#symbols[id];
    if (symbol === undefined) throw new RangeError(`not the number of a symbol: ${id}`);
    return symbol;
  }
}
