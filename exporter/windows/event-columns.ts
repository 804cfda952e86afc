// Liquidations of the last 50 seconds in the order of their event time, as columns of numbers.
//
// Arrivals in order are appended; others wait unsorted behind them until somebody reads or the tail is full, then one
// sort and one merge put all of them in place. So an arrival costs the same whether the venue keeps order or not.
// Bounded by time and, on its own, by count; memory that a storm needed is given back when it has passed.
import type { EpochMs } from '../../common/brands.ts';
import type { VenueSides } from './venue-sides.ts';
import { RETENTION_MS } from './window-bounds.ts';

/** Set in `codes` beside the venue and side: the event was late and takes part in no burst. */
export const LATE_FLAG = 0x80;

const FIRST_CAPACITY = 64;
/** Small enough that a reader finds little left to sort, large enough that merging stays rare; keys hold 15 bits of it. */
const MAX_TAIL = 4_096;
const KEY_SCALE = 2 * MAX_TAIL;

export interface StoredEvent {
  /** Event time on our clock, whole milliseconds. */
  readonly time: number;
  /** Receive time on our clock. */
  readonly arrival: number;
  /** Notional in integer units (`amount.ts`). */
  readonly amount: number;
  /** What the owner of the columns wants beside it: a price, or the number of a symbol. */
  readonly extra: number;
  /** Exchange and side (`venue-sides.ts`), and `LATE_FLAG`. */
  readonly code: number;
}

/** Below this many, moving one by one is faster than five calls of `copyWithin`. */
const FEW = 16;

interface Columns {
  readonly times: Float64Array;
  readonly arrivals: Float64Array;
  readonly amounts: Float64Array;
  readonly extras: Float64Array;
  readonly codes: Uint8Array;
}

/** The columns between `start` and `end`, in order of time. Good until the next `append` or `view`. */
export interface EventView extends Columns {
  /** How `codes` read. */
  readonly sides: VenueSides;
  readonly start: number;
  readonly end: number;
  /** A number for each second of event time (`changeSlot`); another one means that the second's events have changed. */
  readonly changes: Uint32Array;
}

/** More seconds than are ever kept, so that no two of them share a slot. */
const CHANGE_SLOTS = 64;

/** Where the changes of one second of event time are counted. @param second whole seconds since 1970 */
export function changeSlot(second: number): number {
  return second % CHANGE_SLOTS;
}

export function secondOf(time: number): number {
  return Math.floor(time / 1_000);
}

/** Index of the first event whose time is at least `time`. */
export function firstFrom({ times, start, end }: EventView, time: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(times, middle) >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One cell of a column. @throws RangeError outside of it. */
export function at(column: Float64Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`no event at ${index}`);
  return value;
}

export class EventColumns {
  readonly #maxEvents: number;
  readonly #sides: VenueSides;
  readonly #changes = new Uint32Array(CHANGE_SLOTS);
  #columns = allocate(FIRST_CAPACITY);
  #start = 0;
  #sortedEnd = 0;
  #end = 0;
  #dropped = 0;
  #lastArrival = Number.NEGATIVE_INFINITY;

  constructor(maxEvents: number, sides: VenueSides) {
    this.#maxEvents = maxEvents;
    this.#sides = sides;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  /** Events that had to go before their time, because more than the bound came within 50 s. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Receive time of the latest event that may take part in a burst. */
  get lastArrival(): number {
    return this.#lastArrival;
  }

  /** As in a view. */
  get changes(): Uint32Array {
    return this.#changes;
  }

  get byteLength(): number {
    return Object.values<Float64Array | Uint8Array>({ ...this.#columns }).reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
  }

  append(event: StoredEvent): void {
    if (this.#end === this.#columns.times.length) this.#makeRoom(event.arrival);
    const { times, arrivals, amounts, extras, codes } = this.#columns;
    const index = this.#end++;
    times[index] = event.time;
    arrivals[index] = event.arrival;
    amounts[index] = event.amount;
    extras[index] = event.extra;
    codes[index] = event.code;
    this.#noteChange(event.time);
    if (event.code < LATE_FLAG && event.arrival > this.#lastArrival) this.#lastArrival = event.arrival;

    const isInOrder = this.#sortedEnd === index && (index === this.#start || at(times, index - 1) <= event.time);
    if (isInOrder) this.#sortedEnd = this.#end;
    else if (this.#end - this.#sortedEnd >= MAX_TAIL) this.#sortTail();
    if (this.size > this.#maxEvents) this.#dropOldest();
  }

  /** Forgets what is older than 50 s at `now`, gives back memory, and shows the rest in order of time. */
  view(now: EpochMs): EventView {
    this.#sortTail();
    this.#evict(now);
    const capacity = this.#columns.times.length;
    if (capacity > FIRST_CAPACITY && this.size * 8 < capacity) {
      this.#resize(Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(this.size * 2 + 1))));
    }
    return { ...this.#columns, sides: this.#sides, start: this.#start, end: this.#end, changes: this.#changes };
  }

  #makeRoom(now: number): void {
    this.#sortTail();
    this.#evict(now);
    const capacity = this.#columns.times.length;
    // One eighth above the bound, so that dropping the oldest moves the rest only once in many arrivals.
    const largest = this.#maxEvents + Math.max(1, this.#maxEvents >> 3);
    this.#resize(this.size * 2 <= capacity ? capacity : Math.min(capacity * 2, Math.max(largest, FIRST_CAPACITY)));
  }

  #evict(now: number): void {
    const { times } = this.#columns;
    while (this.#start < this.#end && at(times, this.#start) <= now - RETENTION_MS) this.#start++;
    if (this.#sortedEnd < this.#start) this.#sortedEnd = this.#start;
  }

  #dropOldest(): void {
    if (this.#start === this.#sortedEnd) this.#sortTail();
    this.#noteChange(at(this.#columns.times, this.#start));
    this.#start++;
    this.#dropped++;
  }

  #noteChange(time: number): void {
    const slot = changeSlot(secondOf(time));
    this.#changes[slot] = Number(this.#changes[slot]) + 1;
  }

  /** Moves everything to the front of columns of `capacity`, which are new ones unless the size stays. */
  #resize(capacity: number): void {
    const from = this.#columns;
    const to = capacity === from.times.length ? from : allocate(capacity);
    copy(from, this.#start, this.#end, to, 0);
    this.#columns = to;
    this.#sortedEnd -= this.#start;
    this.#end -= this.#start;
    this.#start = 0;
  }

  #sortTail(): void {
    const count = this.#end - this.#sortedEnd;
    if (count === 0) return;
    const columns = this.#columns;
    const tail = sorted(columns, this.#sortedEnd, this.#end);
    let older = this.#sortedEnd;
    for (let newer = count - 1; newer >= 0; newer--) {
      const later = older;
      while (older > this.#start && at(columns.times, older - 1) > at(tail.times, newer)) older--;
      // What is later than this one makes room for it and for those before it, in one go.
      shift(columns, older, later, newer + 1);
      move(tail, newer, columns, older + newer);
    }
    this.#sortedEnd = this.#end;
  }
}

function allocate(capacity: number): Columns {
  return {
    times: new Float64Array(capacity),
    arrivals: new Float64Array(capacity),
    amounts: new Float64Array(capacity),
    extras: new Float64Array(capacity),
    codes: new Uint8Array(capacity),
  };
}

function copy(from: Columns, start: number, end: number, to: Columns, offset: number): void {
  to.times.set(from.times.subarray(start, end), offset);
  to.arrivals.set(from.arrivals.subarray(start, end), offset);
  to.amounts.set(from.amounts.subarray(start, end), offset);
  to.extras.set(from.extras.subarray(start, end), offset);
  to.codes.set(from.codes.subarray(start, end), offset);
}

/** Moves the events from `start` to before `end` back by `distance` places. */
function shift(columns: Columns, start: number, end: number, distance: number): void {
  if (end - start < FEW) {
    for (let index = end - 1; index >= start; index--) move(columns, index, columns, index + distance);
    return;
  }
  columns.times.copyWithin(start + distance, start, end);
  columns.arrivals.copyWithin(start + distance, start, end);
  columns.amounts.copyWithin(start + distance, start, end);
  columns.extras.copyWithin(start + distance, start, end);
  columns.codes.copyWithin(start + distance, start, end);
}

function move(from: Columns, source: number, to: Columns, target: number): void {
  to.times[target] = at(from.times, source);
  to.arrivals[target] = at(from.arrivals, source);
  to.amounts[target] = at(from.amounts, source);
  to.extras[target] = at(from.extras, source);
  to.codes[target] = Number(from.codes[source]);
}

/** The events from `start` to `end` in order of time; equal times keep their order of arrival. */
function sorted(columns: Columns, start: number, end: number): Columns {
  const count = end - start;
  let base = Number.POSITIVE_INFINITY;
  for (let index = start; index < end; index++) base = Math.min(base, at(columns.times, index));
  // Time and position in one number, because sorting plain numbers is ten times faster than by a comparison function.
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++)
    keys[index] = (at(columns.times, start + index) - base) * KEY_SCALE + index;
  keys.sort();
  const result = allocate(count);
  for (let index = 0; index < count; index++) move(columns, start + (at(keys, index) % KEY_SCALE), result, index);
  return result;
}
