// The low end of a stream of numbers over the last one to two minutes, in two buckets of constant size.

/** Long enough to meet a fast message, short enough to follow a clock that is set. */
const BUCKET_MS = 60_000;

/** The third smallest instead of the smallest: one or two messages with a broken time stamp move nothing. */
const KEPT = 3;

export class SlidingLow {
  #bucketStart = Number.NEGATIVE_INFINITY;
  #current: readonly number[] = [];
  #previous: readonly number[] = [];
  /** Kept ready: asked for with every message, changed by few. */
  #low: number | undefined;

  /** @returns whether `low` may answer something else now */
  add(value: number, now: number): boolean {
    const hasTurned = this.#turn(now);
    const largestKept = this.#current[KEPT - 1];
    if (largestKept !== undefined && value >= largestKept) return hasTurned;
    this.#current = [...this.#current, value].sort(ascending).slice(0, KEPT);
    this.#settle();
    return true;
  }

  /** Until when `low` answers the same if nothing is added. */
  get turnsAt(): number {
    return this.#bucketStart + BUCKET_MS;
  }

  /** The third smallest; the largest of one or two; `undefined` when nothing came lately. */
  low(now: number): number | undefined {
    this.#turn(now);
    return this.#low;
  }

  #turn(now: number): boolean {
    const age = now - this.#bucketStart;
    if (age < BUCKET_MS) return false;
    this.#previous = age < 2 * BUCKET_MS ? this.#current : [];
    this.#current = [];
    this.#bucketStart = now;
    this.#settle();
    return true;
  }

  #settle(): void {
    this.#low = [...this.#previous, ...this.#current].sort(ascending).slice(0, KEPT).at(-1);
  }
}

function ascending(one: number, other: number): number {
  return one - other;
}
