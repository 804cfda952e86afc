// Bursts: the best 30 s windows of the last seconds, found again at each reading from the events themselves. Nothing is
// kept between readings, so a lost scrape or a second reader changes nothing.
import { type EpochMs, epochMs, type Usd } from '../../common/brands.ts';
import { toUsd } from './amount.ts';
import { at, type EventView, LATE_FLAG } from './event-columns.ts';
import { type FrontPoint, ParetoFront, thin } from './pareto-front.ts';
import type { AdmittedPart } from './tally.ts';
import { HOLD_MS, WINDOW_MS } from './window-bounds.ts';

/** Slots a front is published in. */
export const MAX_SLOTS = 16;
/** Entries of `Burst.top`. */
const TOP_EXTRAS = 5;

export type BurstPart = AdmittedPart;

/** One window of 30 s that ends at its newest event. */
export interface Burst {
  readonly events: number;
  readonly notionalUsd: Usd;
  readonly largestUsd: Usd;
  /** The `extra` column of that largest one: the number of its symbol in the market-wide columns. */
  readonly largestExtra: number;
  /** Event time of the newest event in it, our clock. */
  readonly endTime: EpochMs;
  /** By exchange and side, only those with events; they add up to the window. */
  readonly parts: readonly BurstPart[];
  /** Notional by the `extra` column (the number of a symbol in the market-wide columns), largest first, at most five. */
  readonly top: readonly { readonly extra: number; readonly notionalUsd: Usd }[];
}

export interface BurstFront {
  /** The Pareto front of (events, notional), most events first, at most 16. */
  readonly slots: readonly Burst[];
  /** Points of the whole front: more than the slots when it had to be thinned. */
  readonly points: number;
}

/**
 * The front over all windows (t − 30 s, t] that end at an event and hold at least one that arrived in the last 10 s.
 * Any 30 s that hold a count and a value still hold them when moved to end at their newest event, so none is missed;
 * late events take no part.
 * @param extras how many numbers the `extra` column knows, where the top five are wanted; 0 for none
 */
export function burstFront(view: EventView, now: EpochMs, extras = 0): BurstFront {
  const { points } = findFront(view, now - HOLD_MS);
  const chosen = thin(points, MAX_SLOTS);
  const slots = describe(view, chosen, extras).sort((one, other) => other.events - one.events);
  return { slots, points: points.length };
}

function findFront({ times, arrivals, amounts, codes, start, end }: EventView, arrivedAfter: number): ParetoFront {
  const front = new ParetoFront();
  let first = start;
  let count = 0;
  let amount = 0;
  let recent = 0;
  let rival: FrontPoint | undefined;
  for (let last = start; last < end; last++) {
    if (Number(codes[last]) >= LATE_FLAG) continue;
    count++;
    amount += at(amounts, last);
    if (at(arrivals, last) > arrivedAfter) recent++;
    for (const left = at(times, last) - WINDOW_MS; at(times, first) <= left; first++) {
      if (Number(codes[first]) >= LATE_FLAG) continue;
      count--;
      amount -= at(amounts, first);
      if (at(arrivals, first) > arrivedAfter) recent--;
    }
    // In a dense stream most windows are beaten by the one that beat their neighbour: asked first, it saves the search.
    const isBeaten = rival !== undefined && rival.count >= count && rival.amount >= amount;
    if (recent > 0 && !isBeaten) rival = front.offer(count, amount, first, last);
  }
  return front;
}

/** Takes the chosen windows apart in one more pass: ordered by their end they also are by their beginning. */
function describe(view: EventView, points: readonly FrontPoint[], extras: number): Burst[] {
  const inOrder = [...points].sort((one, other) => one.last - other.last);
  const content = new WindowContent(view, inOrder[0]?.first ?? view.start, extras);
  return inOrder.map((point) => {
    content.slideTo(point.first, point.last);
    return {
      events: point.count,
      notionalUsd: toUsd(point.amount),
      largestUsd: toUsd(content.largest()),
      largestExtra: content.largestExtra(),
      endTime: epochMs(at(view.times, point.last)),
      parts: content.parts(),
      top: content.top(),
    };
  });
}

/** What lies between two indices, kept up to date while both only move forward. Integer sums: nothing drifts. */
class WindowContent {
  readonly #view: EventView;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #byExtra: Float64Array;
  #first: number;
  #next: number;
  /** Index of the largest seen; stands until it leaves the window. */
  #largest: number;

  constructor(view: EventView, start: number, extras: number) {
    this.#view = view;
    this.#counts = new Float64Array(view.sides.pairs.length);
    this.#sums = new Float64Array(view.sides.pairs.length);
    this.#byExtra = new Float64Array(extras);
    this.#first = start;
    this.#next = start;
    this.#largest = start;
  }

  slideTo(first: number, last: number): void {
    const { amounts, codes } = this.#view;
    let unseen = this.#next;
    while (this.#next <= last) this.#change(this.#next++, 1);
    while (this.#first < first) this.#change(this.#first++, -1);
    if (this.#largest < first) {
      this.#largest = first;
      unseen = first;
    }
    for (let index = unseen; index <= last; index++) {
      if (Number(codes[index]) < LATE_FLAG && at(amounts, index) > this.largest()) this.#largest = index;
    }
  }

  largest(): number {
    const { amounts, codes } = this.#view;
    return Number(codes[this.#largest]) < LATE_FLAG ? at(amounts, this.#largest) : 0;
  }

  largestExtra(): number {
    return at(this.#view.extras, this.#largest);
  }

  parts(): readonly BurstPart[] {
    return this.#view.sides.pairs.flatMap(({ exchange, side }, code) => {
      const events = at(this.#counts, code);
      return events === 0 ? [] : { exchange, side, events, notionalUsd: toUsd(at(this.#sums, code)) };
    });
  }

  top(): Burst['top'] {
    return topExtras(this.#byExtra);
  }

  #change(index: number, sign: 1 | -1): void {
    const code = Number(this.#view.codes[index]);
    if (code >= LATE_FLAG) return;
    const amount = sign * at(this.#view.amounts, index);
    this.#counts[code] = at(this.#counts, code) + sign;
    this.#sums[code] = at(this.#sums, code) + amount;
    if (this.#byExtra.length === 0) return;
    const extra = at(this.#view.extras, index);
    this.#byExtra[extra] = at(this.#byExtra, extra) + amount;
  }
}

/** The numbers of the `extra` column with most notional, largest first. @param sums integer units by number */
export function topExtras(sums: Float64Array): Burst['top'] {
  return Array.from(sums, (amount, extra) => ({ extra, amount }))
    .filter(({ amount }) => amount > 0)
    .sort((one, other) => other.amount - one.amount)
    .slice(0, TOP_EXTRAS)
    .map(({ extra, amount }) => ({ extra, notionalUsd: toUsd(amount) }));
}
