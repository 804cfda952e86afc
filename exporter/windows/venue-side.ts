// Exchange and side as one small number, so that a stored event spends one byte on both.
import { EXCHANGES, type Exchange, entryOf, SIDES, type Side } from '../events.ts';

export interface VenueSide {
  readonly exchange: Exchange;
  readonly side: Side;
}

/** Every pair, at the index that is its code. */
export const VENUE_SIDES: readonly VenueSide[] = EXCHANGES.flatMap((exchange) =>
  SIDES.map((side) => ({ exchange, side })),
);

/** The code of an exchange's first side. */
const FIRST_CODES: Readonly<Record<Exchange, number>> = { binance: 0, bybit: 2, okx: 4 };

export function venueSideCode(exchange: Exchange, side: Side): number {
  return entryOf(FIRST_CODES, exchange) + (side === 'long' ? 0 : 1);
}

/** @throws RangeError for a number that `venueSideCode` never gives. */
export function venueSideOf(code: number): VenueSide {
  const pair = VENUE_SIDES[code];
  if (!pair) throw new RangeError(`not a code of exchange and side: ${code}`);
  return pair;
}
