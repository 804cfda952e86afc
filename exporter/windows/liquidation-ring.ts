// The last liquidations, for views. A fixed ring of compact records: it never grows, and windows never read it.
//
// Bytes in one record: event time 8 (float64) + notional 4 (float32) + price 4 (float32) + tag 2 (uint16) = 18.
// The tag is exchange and side in as few bits as they need, and the number of the symbol in the others; a number too large
// for them is shown as OTHER. float32 keeps seven digits, enough to show; sums are made elsewhere, from full numbers.
import { type CanonicalSymbol, canonicalSymbol, type EpochMs, epochMs, type Usd, usd } from '../../common/brands.ts';
import type { Exchange, Liquidation, Side } from '../events.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { VenueSides } from './venue-sides.ts';

const TAG_BITS = 16;
const OTHER = canonicalSymbol('OTHER');

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
  readonly #sides: VenueSides;
  readonly #codeBits: number;
  /** The largest number of a symbol that a tag holds: all from there on share it. */
  readonly #lastSymbol: number;
  #next = 0;
  #size = 0;

  constructor(capacity: number, symbols: SymbolTable, sides: VenueSides) {
    this.#times = new Float64Array(capacity);
    this.#notionals = new Float32Array(capacity);
    this.#prices = new Float32Array(capacity);
    this.#tags = new Uint16Array(capacity);
    this.#symbols = symbols;
    this.#sides = sides;
    this.#codeBits = Math.ceil(Math.log2(Math.max(2, sides.pairs.length)));
    this.#lastSymbol = 2 ** (TAG_BITS - this.#codeBits) - 1;
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
   * @param symbol its number in the table @param code its exchange and side (`venue-sides.ts`)
   */
  push(liquidation: Liquidation, symbol: number, code: number): void {
    const at = this.#next;
    this.#times[at] = liquidation.eventTime;
    this.#notionals[at] = liquidation.notionalUsd;
    this.#prices[at] = liquidation.priceUsd;
    this.#tags[at] = (Math.min(symbol, this.#lastSymbol) << this.#codeBits) | code;
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
    const symbol = tag >> this.#codeBits;
    const { exchange, side } = this.#sides.pairOf(tag & (2 ** this.#codeBits - 1));
    return {
      exchange,
      symbol: symbol === this.#lastSymbol ? OTHER : this.#symbols.symbolOf(symbol),
      liquidatedSide: side,
      notionalUsd: usd(Number(this.#notionals[at])),
      priceUsd: usd(Number(this.#prices[at])),
      eventTime: epochMs(Number(this.#times[at])),
    };
  }
}
