// Dollars as integers while they are summed. Integers below 2^53 add and subtract exactly, so a sliding sum never drifts
// and the parts of a window add up to it; the unit of a hundredth of a cent leaves room for 900 billion dollars.
import { type Usd, usd } from '../../common/brands.ts';

const UNITS_PER_USD = 10_000;

/** Dollars → integer units, rounded to the nearest hundredth of a cent. */
export function toUnits(amountUsd: number): number {
  return Math.round(amountUsd * UNITS_PER_USD);
}

/** Integer units → the decimal number of dollars nearest to them. */
export function toUsd(units: number): Usd {
  return usd(units / UNITS_PER_USD);
}
