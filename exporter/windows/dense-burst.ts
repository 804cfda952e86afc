// The burst front of a dense stream: the same windows and the same answer as `burst.ts`, found second by second, so that
// seconds whose events have not changed since the last reading need not be searched again.
//
// A window (t − 30 s, t] that ends in second k is a piece of second k − 30, the 29 seconds in between, and a piece of
// second k. The 29 are the same for all windows that end in k: they shift the whole front of the second. What remains
// depends on the events of k and k − 30 alone, and is kept until one of the two changes.
import { type EpochMs, epochMs } from '../../common/brands.ts';
import { toUsd } from './amount.ts';
import { type Burst, type BurstFront, MAX_SLOTS, topExtras } from './burst.ts';
import { at, type EventView, LATE_FLAG, secondOf } from './event-columns.ts';
import { type FrontPoint, ParetoFront, thin } from './pareto-front.ts';
import type { Second, SecondIndex } from './second-index.ts';
import { HOLD_MS, LATE_MS, WINDOW_MS } from './window-bounds.ts';

const WINDOW_SECONDS = WINDOW_MS / 1_000;

/** @param view not empty @param index refreshed with this view */
export function denseBurstFront(view: EventView, index: SecondIndex, now: EpochMs, extras = 0): BurstFront {
  const { points } = findFront(view, index, now - HOLD_MS);
  const slots = thin(points, MAX_SLOTS).map((point) => describe(view, index, point, extras));
  return { slots: slots.sort((one, other) => other.events - one.events), points: points.length };
}

function findFront(view: EventView, index: SecondIndex, arrivedAfter: number): ParetoFront {
  const front = new ParetoFront();
  const doubtful: Candidate[] = [];
  for (const candidate of candidates(view, index, arrivedAfter)) {
    if (candidate.isHeldByAll && isSettled(candidate)) offerAll(front, candidate, candidate.second.front?.points ?? []);
    else doubtful.push(candidate);
  }
  for (const candidate of doubtful) {
    if (canBeat(front, candidate)) offerAll(front, candidate, searchAnew(view, candidate, arrivedAfter));
  }
  return front;
}

/** A second at whose events windows end that may still be read. */
interface Candidate {
  readonly second: Second;
  /** What all these windows hold of the 29 seconds before. */
  readonly between: Between;
  /** The second that they begin in, where it has events; these lie from `tailStart` to before `tailEnd`. */
  readonly tail: Second | undefined;
  readonly tailVersion: number;
  readonly tailStart: number;
  readonly tailEnd: number;
  /** Each of them holds an event that arrived lately enough. */
  readonly isHeldByAll: boolean;
}

function* candidates(view: EventView, index: SecondIndex, arrivedAfter: number): Generator<Candidate> {
  const last = secondOf(at(view.times, view.end - 1));
  // An event that arrived after that moment and was not late is at most 10 s older: no window that holds it ends before.
  for (let key = secondOf(arrivedAfter - LATE_MS); key <= last; key++) {
    const second = index.get(key);
    if (!second) continue;
    const between = sumBetween(index, key);
    const isHeldByAll = between.lastArrival > arrivedAfter;
    if (!isHeldByAll && second.lastArrival <= arrivedAfter) continue;
    const tail = index.get(key - WINDOW_SECONDS);
    const tailVersion = tail?.version ?? -1;
    const [tailStart, tailEnd] = [index.startOf(key - WINDOW_SECONDS), index.startOf(key - WINDOW_SECONDS + 1)];
    yield { second, between, tail, tailVersion, tailStart, tailEnd, isHeldByAll };
  }
}

function isSettled({ second: { front }, tailVersion }: Candidate): boolean {
  return front !== undefined && front.addedCount === 0 && front.tailVersion === tailVersion;
}

/**
 * False only where it is certain: even if each of the second's best windows had got all that came since, it is beaten; and
 * so is the one that reaches back to the beginning of its tail, which stands for a new event before all the others.
 */
function canBeat(front: ParetoFront, { second, between, tail, tailVersion }: Candidate): boolean {
  const known = second.front;
  if (!known || known.tailVersion !== tailVersion) return true;
  const count = between.count + known.addedCount;
  const amount = between.amount + known.addedAmount;
  const earliest = { count: tail?.count ?? 0, amount: tail?.amount ?? 0 };
  return [earliest, ...known.points].some((point) => !front.beats(count + point.count, amount + point.amount));
}

/** Keeps what it finds where that will be true of the next reading too. */
function searchAnew(view: EventView, candidate: Candidate, arrivedAfter: number): readonly FrontPoint[] {
  const { second, tailVersion, isHeldByAll } = candidate;
  const { points } = search(view, candidate, isHeldByAll ? Number.NEGATIVE_INFINITY : arrivedAfter);
  if (isHeldByAll) second.front = { points, tailVersion, addedCount: 0, addedAmount: 0 };
  return points;
}

function offerAll(front: ParetoFront, { second, between, tailEnd }: Candidate, points: readonly FrontPoint[]): void {
  for (const { count, amount, first, last } of points) {
    front.offer(between.count + count, between.amount + amount, tailEnd - first, second.end - last);
  }
}

interface Between {
  readonly count: number;
  readonly amount: number;
  readonly lastArrival: number;
}

/** The 29 whole seconds that every window ending in `key` holds. */
function sumBetween(index: SecondIndex, key: number): Between {
  let count = 0;
  let amount = 0;
  let lastArrival = Number.NEGATIVE_INFINITY;
  for (let each = key - WINDOW_SECONDS + 1; each < key; each++) {
    const second = index.get(each);
    if (!second) continue;
    count += second.count;
    amount += second.amount;
    lastArrival = Math.max(lastArrival, second.lastArrival);
  }
  return { count, amount, lastArrival };
}

/** All windows that end at an event of the second and hold, of its own events, one that arrived after the given moment. */
function search(
  { times, arrivals, amounts, codes }: EventView,
  { second: { start, end }, tailStart, tailEnd }: Candidate,
  arrivedAfter: number,
): ParetoFront {
  const front = new ParetoFront();
  let first = tailStart;
  let count = 0;
  let amount = 0;
  for (let tail = first; tail < tailEnd; tail++) {
    if (Number(codes[tail]) >= LATE_FLAG) continue;
    count++;
    amount += at(amounts, tail);
  }
  let isHeld = false;
  let newest = -1;
  for (let last = start; last < end; last++) {
    if (Number(codes[last]) >= LATE_FLAG) continue;
    const left = at(times, last) - WINDOW_MS;
    // Until a window loses an event the next one beats it: only what is about to lose one has to be compared.
    if (first < tailEnd && at(times, first) <= left) {
      if (isHeld) front.offer(count, amount, tailEnd - first, end - newest);
      for (; first < tailEnd && at(times, first) <= left; first++) {
        if (Number(codes[first]) >= LATE_FLAG) continue;
        count--;
        amount -= at(amounts, first);
      }
    }
    count++;
    amount += at(amounts, last);
    isHeld ||= at(arrivals, last) > arrivedAfter;
    newest = last;
  }
  if (isHeld) front.offer(count, amount, tailEnd - first, end - newest);
  return front;
}

function describe(view: EventView, index: SecondIndex, point: FrontPoint, extras: number): Burst {
  const sums = new Float64Array(extras);
  const tally = index.tally(point.first, point.last + 1, extras > 0 ? sums : undefined);
  return {
    events: point.count,
    notionalUsd: toUsd(point.amount),
    largestUsd: toUsd(tally.admittedLargest.amount),
    largestExtra: tally.admittedLargest.extra,
    endTime: epochMs(at(view.times, point.last)),
    parts: tally.admittedParts(),
    top: topExtras(sums),
  };
}
