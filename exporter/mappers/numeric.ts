// A venue's numbers and times, read strictly and cheaply: this runs several times per event. NaN says "not one", so that
// every check is written as the comparison that must hold.

/** Longest number any venue sends is 21 characters (OKX `oiUsd`); anything beyond this is not a number but an attack. */
const MAX_CHARACTERS = 64;

/** 2015-01-01 and 2100-01-01 UTC: no venue here is older, and a time in seconds or microseconds falls outside. */
const FIRST_PLAUSIBLE_MS = 1_420_070_400_000;
const LAST_PLAUSIBLE_MS = 4_102_444_800_000;

/**
 * A decimal number from text or from a JSON number: `"0.190"`, `"1e-7"`, `12`. NaN for everything else, also for what
 * `Number()` would take: `""`, `" 1"`, `"0x10"`, `"Infinity"`, `"1."`, `true`, and for `1e400`. A sign is refused too:
 * nothing read here may be negative.
 */
export function readNumber(value: unknown): number {
  if (typeof value === 'number') return value >= 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;
  if (typeof value !== 'string') return Number.NaN;
  const last = value.length - 1;
  if (last < 0 || last >= MAX_CHARACTERS || !isDigit(value.charCodeAt(0)) || !isDigit(value.charCodeAt(last))) {
    return Number.NaN;
  }
  // Hexadecimal, octal and binary literals begin with a zero and a letter; an exponent never follows directly.
  if (last > 0 && value.charCodeAt(1) > 64 && value.charCodeAt(0) === 48) return Number.NaN;
  const number = Number(value);
  return number < Number.POSITIVE_INFINITY ? number : Number.NaN;
}

/** Milliseconds since 1970 on the venue's clock, from a number or its text. NaN outside 2015 to 2100. */
export function readTime(value: unknown): number {
  const time = readNumber(value);
  return time >= FIRST_PLAUSIBLE_MS && time < LAST_PLAUSIBLE_MS ? time : Number.NaN;
}

/** `"0"`, `"0.000"` and `0`: how Binance says "nothing filled". */
export function isZero(value: unknown): boolean {
  if (typeof value === 'number') return value === 0;
  return typeof value === 'string' && value.charCodeAt(0) === 48 && readNumber(value) === 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
