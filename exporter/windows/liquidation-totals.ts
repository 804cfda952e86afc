// Counters of liquidations since the start, by symbol, exchange and side. Late ones count too.
import type { CanonicalSymbol, Usd } from '../../common/brands.ts';
import type { Exchange, Side } from '../events.ts';
import { at } from './event-columns.ts';
import { VENUE_SIDES } from './venue-side.ts';

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

  /** The counters of a symbol, to be added to; from now on it is one of those that `read` shows. */
  cellsOf(symbol: CanonicalSymbol): Float64Array {
    const known = this.#bySymbol.get(symbol);
    if (known) return known;
    const cells = emptyTotals();
    this.#bySymbol.set(symbol, cells);
    return cells;
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

/** Counts one liquidation. @param code its exchange and side (`venue-side.ts`) */
export function addToTotals(cells: Float64Array, code: number, notionalUsd: Usd): void {
  const cell = code * 2;
  cells[cell] = at(cells, cell) + 1;
  cells[cell + 1] = at(cells, cell + 1) + notionalUsd;
}

/** Two cells for each exchange and side: events, dollars. */
function emptyTotals(): Float64Array {
  return new Float64Array(VENUE_SIDES.length * 2);
}
