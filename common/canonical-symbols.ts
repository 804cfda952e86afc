// Canonical base assets: which listings are sold by the thousand, and the thousand of what. A table, reviewed by people,
// because no rule tells `1000PEPE` (a thousand PEPE) from `1INCH` (a coin of that name). `price-check.ts` watches over it.
import { type CanonicalSymbol, canonicalSymbol } from './brands.ts';

export interface CanonicalBase {
  readonly symbol: CanonicalSymbol;
  /** Canonical base units in one of the venue's. */
  readonly multiplier: number;
}

/** Venue's base asset → its coin and how many of them. Review a new row against the price on a venue that lists the coin itself. */
const SCALED_LISTINGS: readonly (readonly [venueBase: string, coin: string, multiplier: number])[] = [
  ['1000APU', 'APU', 1_000],
  ['1000BONK', 'BONK', 1_000],
  ['1000BTT', 'BTT', 1_000],
  ['1000CAT', 'CAT', 1_000],
  ['1000CHEEMS', 'CHEEMS', 1_000],
  ['1000FLOKI', 'FLOKI', 1_000],
  ['1000LUNC', 'LUNC', 1_000],
  ['1000MUMU', 'MUMU', 1_000],
  ['1000NEIROCTO', 'NEIROCTO', 1_000],
  ['1000PEPE', 'PEPE', 1_000],
  ['1000RATS', 'RATS', 1_000],
  ['1000SATS', 'SATS', 1_000],
  ['1000SHIB', 'SHIB', 1_000],
  ['1000TAG', 'TAG', 1_000],
  ['1000TOSHI', 'TOSHI', 1_000],
  ['1000TURBO', 'TURBO', 1_000],
  ['1000WHY', 'WHY', 1_000],
  ['1000X', 'X', 1_000],
  ['1000XEC', 'XEC', 1_000],
  ['SHIB1000', 'SHIB', 1_000],
  ['10000COQ', 'COQ', 10_000],
  ['10000ELON', 'ELON', 10_000],
  ['10000LADYS', 'LADYS', 10_000],
  ['10000NEX', 'NEX', 10_000],
  ['10000QUBIC', 'QUBIC', 10_000],
  ['10000SATS', 'SATS', 10_000],
  ['10000WEN', 'WEN', 10_000],
  ['10000WHY', 'WHY', 10_000],
  ['1000000BABYDOGE', 'BABYDOGE', 1_000_000],
  ['1000000BOB', 'BOB', 1_000_000],
  ['1000000CHEEMS', 'CHEEMS', 1_000_000],
  ['1000000MOG', 'MOG', 1_000_000],
  ['1000000PEIPEI', 'PEIPEI', 1_000_000],
  ['1MBABYDOGE', 'BABYDOGE', 1_000_000],
  ['10000000AIDOGE', 'AIDOGE', 10_000_000],
];

const SCALED: ReadonlyMap<string, CanonicalBase> = new Map(
  SCALED_LISTINGS.map(([venueBase, coin, multiplier]) => [venueBase, { symbol: canonicalSymbol(coin), multiplier }]),
);

/** The coin behind a venue's base asset; itself where the table has no row. `undefined` where it is no name of an asset. */
export function canonicalBase(venueBase: string): CanonicalBase | undefined {
  const name = venueBase.toUpperCase();
  const scaled = SCALED.get(name);
  if (scaled !== undefined) return scaled;
  try {
    return { symbol: canonicalSymbol(name), multiplier: 1 };
  } catch {
    return undefined;
  }
}

/** Looks like a scaled listing (`1000FOO`, `FOO10000`, `1MFOO`) that nobody has reviewed: to be reported, never guessed. */
export function looksScaled(symbol: string): boolean {
  return /^10{3,}\p{L}|^1M\p{L}|\p{L}10{3,}$/u.test(symbol);
}
