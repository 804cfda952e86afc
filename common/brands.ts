// Branded scalars: a number that has been checked, with its unit in its type. Only the constructors here may brand.

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Milliseconds since 1970-01-01 UTC. Whose clock it was read on stands in the field's name. */
export type EpochMs = Branded<number, 'EpochMs'>;

/** US dollars; stablecoin quotes (USDT, USDC) count at par. */
export type Usd = Branded<number, 'Usd'>;

/** Canonical base asset, upper case: `BTC`; `PEPE` also for `1000PEPE`. */
export type CanonicalSymbol = Branded<string, 'CanonicalSymbol'>;

const MAX_EPOCH_MS = 8.64e15;

/** @throws RangeError when the value is no finite time that a Date can hold. */
export function epochMs(value: number): EpochMs {
  if (!Number.isFinite(value) || Math.abs(value) > MAX_EPOCH_MS) throw new RangeError(`not a time: ${value}`);
  return value as EpochMs;
}

/** @throws RangeError when the value is negative or not finite. */
export function usd(value: number): Usd {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`not an amount in US dollars: ${value}`);
  return value as Usd;
}

const SYMBOL_SHAPE = /^[\p{L}\p{N}_.-]{1,32}$/u;

/** Upper-cases and checks a base asset. @throws RangeError when it is empty, too long or holds other than letters, digits, `_`, `.`, `-`. */
export function canonicalSymbol(value: string): CanonicalSymbol {
  const symbol = value.toUpperCase();
  if (!SYMBOL_SHAPE.test(symbol)) throw new RangeError(`not a symbol: ${JSON.stringify(value)}`);
  return symbol as CanonicalSymbol;
}
