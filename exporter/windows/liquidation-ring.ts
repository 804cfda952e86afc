// The last liquidations, for views. A fixed ring of compact records: it never grows, and windows never read it.
//
// Bytes in one record: event time 8 (float64) + notional 4 (float32) + price 4 (float32) + tag 2 (uint16) = 18.
// The tag is 13 bits of symbol number and 3 bits of exchange and side. float32 keeps seven digits, enough to show;
// sums are made elsewhere, from full numbers.
import { type CanonicalSymbol, type EpochMs, epochMs, type Usd, usd } from '../../common/brands.ts';
import type { Exchange, Liquidation, Side } from '../events.ts';
import type { SymbolTable } from './symbol-table.ts';
import { venueSideOf } from './venue-side.ts';

const CODE_BITS = 3;
const CODE_MASK = 0b111;

export interface RecentLiquidation {
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  readonly liquidatedSide: Side;
  /** Seven significant digits. */
  readonly notionalUsd: Usd;
  /** Seven significant digits. */
  readonly priceUsd: Usd;
  /** Venue clock. */
  readonly eventTime: EpochMs;
}

export class LiquidationRing {
  readonly #times: Float64Array;
  readonly #notionals: Float32Array;
  readonly #prices: Float32Array;
  readonly #tags: Uint16Array;
  readonly #symbols: SymbolTable;
  #next = 0;
  #size = 0;

  constructor(capacity: number, symbols: SymbolTable) {
    this.#times = new Float64Array(capacity);
    this.#notionals = new Float32Array(capacity);
    this.#prices = new Float32Array(capacity);
    this.#tags = new Uint16Array(capacity);
    this.#symbols = symbols;
  }

  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#times.length;
  }

  /** Bytes of all records, from the buffers themselves. */
  get byteLength(): number {
    return this.#times.byteLength + this.#notionals.byteLength + this.#prices.byteLength + this.#tags.byteLength;
  }

  /**
   * Adds one; the oldest arrival makes room when the ring is full.
   * @param symbol its number in the table @param code its exchange and side (`venue-side.ts`)
   */
  push(liquidation: Liquidation, symbol: number, code: number): void {
    const at = this.#next;
    this.#times[at] = liquidation.eventTime;
    this.#notionals[at] = liquidation.notionalUsd;
    this.#prices[at] = liquidation.priceUsd;
    this.#tags[at] = (symbol << CODE_BITS) | code;
    this.#next = (at + 1) % this.capacity;
    this.#size = Math.min(this.#size + 1, this.capacity);
  }

  /** Latest arrival first. Do not push while iterating. */
  *newestFirst(): Generator<RecentLiquidation> {
    for (let age = 1; age <= this.#size; age++) {
      yield this.#read((this.#next - age + this.capacity) % this.capacity);
    }
  }

  #read(at: number): RecentLiquidation {
    const tag = Number(this.#tags[at]);
    const { exchange, side } = venueSideOf(tag & CODE_MASK);
    return {
      exchange,
      symbol: this.#symbols.symbolOf(tag >> CODE_BITS),
      liquidatedSide: side,
      notionalUsd: usd(Number(this.#notionals[at])),
      priceUsd: usd(Number(this.#prices[at])),
      eventTime: epochMs(Number(this.#times[at])),
    };
  }
}
