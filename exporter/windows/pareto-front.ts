// The windows that no other window beats in both count and notional, and the choice among them when they are too many.

/** A window: its events lie between two indices of the event columns, both included. */
export interface FrontPoint {
  readonly count: number;
  /** Notional in integer units (`amount.ts`). */
  readonly amount: number;
  readonly first: number;
  readonly last: number;
}

/** Points in ascending order of count, which is descending order of amount. */
export class ParetoFront {
  readonly #points: FrontPoint[] = [];

  get points(): readonly FrontPoint[] {
    return this.#points;
  }

  /**
   * Takes a point in unless one with at least its count and at least its amount is there; drops those it beats.
   * Answers the point that now stands for it: itself, or the one it could not beat.
   */
  offer(count: number, amount: number, first: number, last: number): FrontPoint {
    const points = this.#points;
    let position = this.#firstAtLeast(count);
    const rival = points[position];
    if (rival !== undefined && rival.amount >= amount) return rival;
    let beaten = rival?.count === count ? 1 : 0;
    while (position > 0 && Number(points[position - 1]?.amount) <= amount) {
      position--;
      beaten++;
    }
    const point = { count, amount, first, last };
    points.splice(position, beaten, point);
    return point;
  }

  /** Whether a point is there that has at least this count and at least this amount. */
  beats(count: number, amount: number): boolean {
    const rival = this.#points[this.#firstAtLeast(count)];
    return rival !== undefined && rival.amount >= amount;
  }

  #firstAtLeast(count: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.#points[middle]?.count) >= count) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Thresholds on the count stand far below this: up to here every point is kept as far as there is room. */
const EXACT_UP_TO_COUNT = 64;

/**
 * At most `limit` (two or more) of a front's points, in the same order. What decides "count ≥ c and notional ≥ v" is
 * the point with the smallest count ≥ c, so the smallest counts up to 64 are kept first, and the rest is taken at even
 * steps; both ends of the front always stay. A point left out can hide a window, never make one up.
 */
export function thin(points: readonly FrontPoint[], limit: number): readonly FrontPoint[] {
  if (points.length <= limit) return points;
  const small = points.filter(({ count }) => count <= EXACT_UP_TO_COUNT).length;
  const kept = Math.min(Math.max(small, 1), limit - 1);
  const steps = limit - kept;
  const rest = points.slice(kept);
  const chosen = new Set(Array.from({ length: steps }, (_, step) => Math.ceil(((step + 1) * rest.length) / steps) - 1));
  return [...points.slice(0, kept), ...rest.filter((_, index) => chosen.has(index))];
}
