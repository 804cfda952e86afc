// Counters of liquidations since the start, by symbol, exchange and side. Late ones count too.
import type { CanonicalSymbol, Usd } from '../../common/brands.ts';
import type { Exchange, Side } from '../events.ts';
import { at } from './event-columns.ts';
import type { VenueSides } from './venue-sides.ts';

export interface LiquidationTotal {
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  readonly side: Side;
  readonly events: number;
  readonly notionalUsd: number;
}

export class LiquidationTotals {
  readonly #bySymbol = new Map<CanonicalSymbol, Float64Array>();
  readonly #listed: ReadonlySet<CanonicalSymbol>;
  readonly #sides: VenueSides;

  /** @param listed symbols whose counters exist at 0 from the start, for each exchange and side */
  constructor(listed: readonly CanonicalSymbol[], sides: VenueSides) {
    this.#listed = new Set(listed);
    this.#sides = sides;
    for (const symbol of listed) this.cellsOf(symbol);
  }

  /** The counters of a symbol, to be added to; from now on it is one of those that `read` shows. */
  cellsOf(symbol: CanonicalSymbol): Float64Array {
    const known = this.#bySymbol.get(symbol);
    if (known) return known;
    // Two cells for each exchange and side: events, dollars.
    const cells = new Float64Array(this.#sides.pairs.length * 2);
    this.#bySymbol.set(symbol, cells);
    return cells;
  }

  *read(): Generator<LiquidationTotal> {
    for (const [symbol, totals] of this.#bySymbol) {
      for (const [code, { exchange, side }] of this.#sides.pairs.entries()) {
        const events = at(totals, code * 2);
        if (events === 0 && !this.#listed.has(symbol)) continue;
        yield { exchange, symbol, side, events, notionalUsd: at(totals, code * 2 + 1) };
      }
    }
  }
}

/** Counts one liquidation. @param code its exchange and side (`venue-sides.ts`) */
export function addToTotals(cells: Float64Array, code: number, notionalUsd: Usd): void {
  const cell = code * 2;
  cells[cell] = at(cells, cell) + 1;
  cells[cell + 1] = at(cells, cell + 1) + notionalUsd;
}
