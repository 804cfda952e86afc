// What each second of a dense stream holds, kept from one reading to the next and added to as events arrive. In a storm a
// scrape then looks at the few seconds that matter, not at the half million events before them.
// It holds no events and decides nothing: thrown away at any moment it is built again from the columns.
import type { EpochMs } from '../../common/brands.ts';
import { at, changeSlot, type EventView, firstFrom, LATE_FLAG, type StoredEvent, secondOf } from './event-columns.ts';
import type { FrontPoint } from './pareto-front.ts';
import { Tally } from './tally.ts';
import type { VenueSides } from './venue-sides.ts';
import { RETENTION_MS } from './window-bounds.ts';

/** One second of event time on our clock. */
export class Second {
  readonly key: number;
  /** Of everything in it. */
  readonly tally: Tally;
  /** Notional by the `extra` column; empty where that is not wanted. */
  readonly extraSums: Float64Array;
  /** The state of the columns that it shows (`EventView.changes`). */
  version: number;
  /** Of its events that were not late: how many, how much in integer units, and the latest arrival. */
  count = 0;
  amount = 0;
  lastArrival = Number.NEGATIVE_INFINITY;
  /** Where its events lie in the view of this reading. */
  start = 0;
  end = 0;
  /** Some of its events are gone from the view: it no longer holds what it says. */
  isCut = false;
  /** For whoever searches its windows: the best of them, and what has been added since. */
  front: SecondFront | undefined;

  constructor(key: number, version: number, sides: VenueSides, extras: number) {
    this.key = key;
    this.tally = new Tally(sides);
    this.version = version;
    this.extraSums = new Float64Array(extras);
  }

  add({ time, arrival, amount, extra, code }: StoredEvent): void {
    this.tally.add(code, amount, extra, time);
    if (code >= LATE_FLAG) return;
    this.count++;
    this.amount += amount;
    if (arrival > this.lastArrival) this.lastArrival = arrival;
    if (this.extraSums.length > 0) this.extraSums[extra] = at(this.extraSums, extra) + amount;
    if (!this.front) return;
    this.front.addedCount++;
    this.front.addedAmount += amount;
  }
}

export interface SecondFront {
  /** Positions are counted back from the ends of the two seconds that a window ends and begins in. */
  readonly points: readonly FrontPoint[];
  /** The version of the second that its windows begin in. */
  readonly tailVersion: number;
  /** Since the search; not late. */
  addedCount: number;
  addedAmount: number;
}

export class SecondIndex {
  readonly #sides: VenueSides;
  readonly #topOf: () => number;
  readonly #seconds = new Map<number, Second>();
  #view: EventView | undefined;

  /** @param topOf how many numbers the `extra` column knows; 0 where sums by them are not wanted */
  constructor(sides: VenueSides, topOf: () => number) {
    this.#sides = sides;
    this.#topOf = topOf;
  }

  /** An event that has just been appended to the columns; `changes` is theirs. */
  note(event: StoredEvent, changes: Uint32Array): void {
    const second = this.#seconds.get(secondOf(event.time));
    const version = Number(changes[changeSlot(secondOf(event.time))]);
    const hasRoom = second?.extraSums.length === 0 || event.extra < Number(second?.extraSums.length);
    if (!second || second.version !== version - 1 || !hasRoom) return;
    second.add(event);
    second.version = version;
  }

  /** Brings all seconds up to date with the columns. Before any question about a new view. */
  refresh(view: EventView, now: EpochMs): void {
    this.#view = view;
    const isEmpty = view.start === view.end;
    const first = isEmpty ? 0 : secondOf(at(view.times, view.start));
    const last = isEmpty ? -1 : secondOf(at(view.times, view.end - 1));
    for (const key of this.#seconds.keys()) if (key < first || key > last) this.#seconds.delete(key);
    let start = view.start;
    for (let key = first; key <= last; key++) {
      const end = firstFrom({ ...view, start }, (key + 1) * 1_000);
      const version = Number(view.changes[changeSlot(key)]);
      let second = this.#seconds.get(key);
      if (second?.version !== version) {
        second = this.#look(view, key, version, start, end);
        this.#seconds.set(key, second);
      }
      second.start = start;
      second.end = end;
      second.isCut = key * 1_000 <= now - RETENTION_MS;
      start = end;
    }
  }

  get(key: number): Second | undefined {
    return this.#seconds.get(key);
  }

  /** Index in the view of the first event of a second, also of one that has none. */
  startOf(key: number): number {
    const view = this.#view;
    return this.#seconds.get(key)?.start ?? (view ? firstFrom(view, key * 1_000) : 0);
  }

  /** Adds up the events from one index to before another, whole seconds at once. */
  tally(from: number, to: number, extraSums?: Float64Array): Tally {
    const tally = new Tally(this.#sides);
    const view = this.#view;
    for (let index = from; view && index < to; ) {
      const second = this.#seconds.get(secondOf(at(view.times, index)));
      if (!second) throw new RangeError(`no second at ${index}`);
      const end = Math.min(second.end, to);
      const isWhole = index === second.start && end === second.end && !second.isCut;
      if (isWhole) tally.addTally(second.tally);
      else tally.addEvents(view, index, end);
      if (extraSums && isWhole) addSums(second.extraSums, extraSums);
      else if (extraSums) addExtras(view, index, end, extraSums);
      index = end;
    }
    return tally;
  }

  #look(
    { times, arrivals, amounts, extras, codes }: EventView,
    key: number,
    version: number,
    start: number,
    end: number,
  ) {
    const second = new Second(key, version, this.#sides, this.#topOf());
    for (let index = start; index < end; index++) {
      second.add({
        time: at(times, index),
        arrival: at(arrivals, index),
        amount: at(amounts, index),
        extra: at(extras, index),
        code: Number(codes[index]),
      });
    }
    return second;
  }
}

function addSums(from: Float64Array, to: Float64Array): void {
  for (let number = 0; number < from.length; number++) to[number] = at(to, number) + at(from, number);
}

function addExtras({ amounts, extras, codes }: EventView, from: number, to: number, sums: Float64Array): void {
  for (let index = from; index < to; index++) {
    if (Number(codes[index]) >= LATE_FLAG) continue;
    const extra = at(extras, index);
    sums[extra] = at(sums, extra) + at(amounts, index);
  }
}
