// Counters of liquidations since the start, by symbol, exchange and side. Late ones count too.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { Exchange, Liquidation, Side } from '../events.ts';
import { at } from './event-columns.ts';
import { VENUE_SIDES, venueSideCode } from './venue-side.ts';

export interface LiquidationTotal {
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  readonly side: Side;
  readonly events: number;
  readonly notionalUsd: number;
}

export class LiquidationTotals {
  readonly #bySymbol = new Map<CanonicalSymbol, Float64Array>();
  readonly #exchanges: readonly Exchange[];
  readonly #listed: ReadonlySet<CanonicalSymbol>;

  /** @param listed symbols whose counters exist at 0 from the start, for each of `exchanges` */
  constructor(listed: readonly CanonicalSymbol[], exchanges: readonly Exchange[]) {
    this.#listed = new Set(listed);
    this.#exchanges = exchanges;
    for (const symbol of listed) this.#bySymbol.set(symbol, emptyTotals());
  }

  add({ symbol, exchange, liquidatedSide, notionalUsd }: Liquidation): void {
    let totals = this.#bySymbol.get(symbol);
    if (!totals) {
      totals = emptyTotals();
      this.#bySymbol.set(symbol, totals);
    }
    const cell = venueSideCode(exchange, liquidatedSide) * 2;
    totals[cell] = at(totals, cell) + 1;
    totals[cell + 1] = at(totals, cell + 1) + notionalUsd;
  }

  *read(): Generator<LiquidationTotal> {
    for (const [symbol, totals] of this.#bySymbol) {
      for (const [code, { exchange, side }] of VENUE_SIDES.entries()) {
        const events = at(totals, code * 2);
        const isKnownBeforehand = this.#listed.has(symbol) && this.#exchanges.includes(exchange);
        if (events === 0 && !isKnownBeforehand) continue;
        yield { exchange, symbol, side, events, notionalUsd: at(totals, code * 2 + 1) };
      }
    }
  }
}

/** Two cells for each exchange and side: events, dollars. */
function emptyTotals(): Float64Array {
  return new Float64Array(VENUE_SIDES.length * 2);
}
