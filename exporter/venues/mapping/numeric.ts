// A venue's numbers and times, read strictly and cheaply: this runs several times per event. NaN says "not one", so that
// every check is written as the comparison that must hold.

/** 2015-01-01 and 2100-01-01 UTC: no venue here is older, and a time in seconds or microseconds falls outside. */
const FIRST_PLAUSIBLE_MS = 1_420_070_400_000;
const LAST_PLAUSIBLE_MS = 4_102_444_800_000;

/** Up to 15 digits are exact in a double, and so is 10 to the power of 15: their quotient is rounded once, correctly. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN: readonly number[] = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** A longer text is no number but an attack: the longest that a venue sends has 21 characters (OKX `oiUsd`). */
const MAX_CHARACTERS = 64;
const DECIMAL_SHAPE = /^\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

const ZERO = 48;
const NINE = 57;
const POINT = 46;

/**
 * A decimal number from text or from a JSON number: `"0.190"`, `"1e-7"`, `12`. NaN for everything else, also for what
 * `Number()` would take: `""`, `" 1"`, `"0x10"`, `"Infinity"`, `"1."`, `true`, and for `1e400`. A sign is refused too:
 * nothing read here may be negative.
 */
export function readNumber(value: unknown): number {
  if (typeof value === 'string') return readDecimal(value);
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;
}

/** Whether it says 0. Most figures show by their first digit that they do not, and need not be read for that. */
export function isZero(value: unknown): boolean {
  if (typeof value === 'string') {
    const first = value.charCodeAt(0);
    if (first > ZERO && first <= NINE) return false;
  }
  return readNumber(value) === 0;
}

/** Milliseconds since 1970 on the venue's clock, from a number or its text. NaN outside 2015 to 2100. */
export function readTime(value: unknown): number {
  const time = readNumber(value);
  return time >= FIRST_PLAUSIBLE_MS && time < LAST_PLAUSIBLE_MS ? time : Number.NaN;
}

// The engine's own conversion takes half as long again as JSON.parse spends on a whole frame's worth of such texts, so
// the plain short decimals that venues send are read here; everything else takes the long way round.
function readDecimal(text: string): number {
  const length = text.length;
  if (length > EXACT_DIGITS + 1) return readLongDecimal(text);
  let digits = 0;
  let pointAt = -1;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) digits = digits * 10 + (code - ZERO);
    else if (code === POINT && pointAt < 0 && index > 0) pointAt = index;
    else return readLongDecimal(text);
  }
  if (pointAt < 0) return length > 0 && length <= EXACT_DIGITS ? digits : readLongDecimal(text);
  const power = POWERS_OF_TEN[length - 1 - pointAt];
  return power === undefined || power === 1 ? Number.NaN : digits / power;
}

function readLongDecimal(text: string): number {
  if (text.length > MAX_CHARACTERS || !DECIMAL_SHAPE.test(text)) return Number.NaN;
  const number = Number(text);
  return number < Number.POSITIVE_INFINITY ? number : Number.NaN;
}
