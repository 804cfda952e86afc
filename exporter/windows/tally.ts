// What a stretch of events holds: how many, how much and the largest, by venue and side; and how much of which symbol.
// Integer sums, so that tallies of parts add up to that of the whole to the last unit.
import { type EpochMs, epochMs, type Usd, usd } from '../../common/brands.ts';
import type { Exchange, Side } from '../events.ts';
import { toUsd } from './amount.ts';
import { at, type EventView, LATE_FLAG } from './event-columns.ts';
import type { VenueSides } from './venue-sides.ts';

export class Tally {
  readonly #sides: VenueSides;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #largest: Float64Array;
  readonly #largestExtras: Float64Array;
  readonly #largestTimes: Float64Array;

  constructor(sides: VenueSides) {
    // Late events have cells of their own behind the others', since windows count them and bursts do not.
    const cells = sides.pairs.length * 2;
    this.#sides = sides;
    this.#counts = new Float64Array(cells);
    this.#sums = new Float64Array(cells);
    this.#largest = new Float64Array(cells).fill(-1);
    this.#largestExtras = new Float64Array(cells);
    this.#largestTimes = new Float64Array(cells);
  }

  /** How many pairs of exchange and side there are: so many cells behind its own is the one of late events. */
  get #pairs(): number {
    return this.#sides.pairs.length;
  }

  /** One event, in the units and codes of the columns. */
  add(code: number, amount: number, extra: number, time: number): void {
    this.#add(code < LATE_FLAG ? code : (code & ~LATE_FLAG) + this.#pairs, 1, amount, amount, extra, time);
  }

  /** Adds the events from one index to before another. */
  addEvents({ times, amounts, extras, codes }: EventView, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      this.add(Number(codes[index]), at(amounts, index), at(extras, index), at(times, index));
    }
  }

  addTally(other: Tally): void {
    for (let cell = 0; cell < this.#counts.length; cell++) {
      const count = at(other.#counts, cell);
      if (count === 0) continue;
      const largest = at(other.#largest, cell);
      this.#add(
        cell,
        count,
        at(other.#sums, cell),
        largest,
        at(other.#largestExtras, cell),
        at(other.#largestTimes, cell),
      );
    }
  }

  /** The largest that was not late, integer units, and its `extra` column; of equal ones the first, 0 where there is none. */
  get admittedLargest(): { readonly amount: number; readonly extra: number } {
    let top = 0;
    for (let cell = 1; cell < this.#pairs; cell++) if (this.#isLarger(cell, top)) top = cell;
    return { amount: Math.max(0, at(this.#largest, top)), extra: at(this.#largestExtras, top) };
  }

  /** Events that were not late, by exchange and side; only pairs that have some. */
  admittedParts(): readonly AdmittedPart[] {
    return this.#sides.pairs.flatMap(({ exchange, side }, cell) => {
      const events = at(this.#counts, cell);
      return events === 0 ? [] : { exchange, side, events, notionalUsd: toUsd(at(this.#sums, cell)) };
    });
  }

  /** All events, late ones too, by exchange and side; only pairs that have some. Of equal largest ones the first. */
  parts(): readonly TallyPart[] {
    return this.#sides.pairs.flatMap(({ exchange, side }, cell) => {
      const late = cell + this.#pairs;
      const events = at(this.#counts, cell) + at(this.#counts, late);
      if (events === 0) return [];
      const top = this.#isLarger(late, cell) ? late : cell;
      return {
        exchange,
        side,
        events,
        notionalUsd: toUsd(at(this.#sums, cell) + at(this.#sums, late)),
        largestUsd: toUsd(at(this.#largest, top)),
        largestPriceUsd: usd(at(this.#largestExtras, top)),
        largestTime: epochMs(at(this.#largestTimes, top)),
      };
    });
  }

  #isLarger(one: number, other: number): boolean {
    const difference = at(this.#largest, one) - at(this.#largest, other);
    return difference === 0 ? at(this.#largestTimes, one) < at(this.#largestTimes, other) : difference > 0;
  }

  #add(cell: number, count: number, amount: number, largest: number, extra: number, time: number): void {
    this.#counts[cell] = at(this.#counts, cell) + count;
    this.#sums[cell] = at(this.#sums, cell) + amount;
    const isLess = largest < at(this.#largest, cell);
    // Of equal ones the first in time, in whatever order they come.
    if (isLess || (largest === at(this.#largest, cell) && time >= at(this.#largestTimes, cell))) return;
    this.#largest[cell] = largest;
    this.#largestExtras[cell] = extra;
    this.#largestTimes[cell] = time;
  }
}

export interface AdmittedPart {
  readonly exchange: Exchange;
  readonly side: Side;
  readonly events: number;
  readonly notionalUsd: Usd;
}

export interface TallyPart extends AdmittedPart {
  readonly largestUsd: Usd;
  /** Price of the largest; where the columns keep a symbol instead of a price, meaningless. */
  readonly largestPriceUsd: Usd;
  /** Event time of the largest, our clock. */
  readonly largestTime: EpochMs;
}
