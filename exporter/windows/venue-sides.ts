// Exchange and side as one small number, so that a stored event spends one byte on both.
import { type Exchange, SIDES, type Side } from '../events.ts';

export interface VenueSide {
  readonly exchange: Exchange;
  readonly side: Side;
}

/** Codes stay below 128: the highest bit of the byte is `LATE_FLAG` (`event-columns.ts`). */
const MAX_VENUES = 64;

export class VenueSides {
  /** Every pair, at the index that is its code. */
  readonly pairs: readonly VenueSide[];
  readonly #firstCodes: ReadonlyMap<Exchange, number>;

  /** @throws RangeError for more than 64 exchanges */
  constructor(exchanges: readonly Exchange[]) {
    if (exchanges.length > MAX_VENUES) throw new RangeError(`more than ${MAX_VENUES} exchanges: ${exchanges.length}`);
    this.pairs = exchanges.flatMap((exchange) => SIDES.map((side) => ({ exchange, side })));
    this.#firstCodes = new Map(exchanges.map((exchange, index) => [exchange, index * SIDES.length]));
  }

  /** @throws RangeError for an exchange that is not among them */
  codeOf(exchange: Exchange, side: Side): number {
    const first = this.#firstCodes.get(exchange);
    if (first === undefined) throw new RangeError(`not one of the exchanges: ${exchange}`);
    return first + (side === 'long' ? 0 : 1);
  }

  /** @throws RangeError for a number that `codeOf` never gives */
  pairOf(code: number): VenueSide {
    const pair = this.pairs[code];
    if (!pair) throw new RangeError(`not a code of exchange and side: ${code}`);
    return pair;
  }
}
