// Spread and slope of a few measurements. Pure.
import { medianOf, quantileOf } from '../common/median.ts';

/** Half of the values lie no further than this from their median. @throws RangeError without values. */
export function medianDeviation(values: readonly number[]): number {
  const median = quantileOf(values, 0.5);
  return quantileOf(
    values.map((value) => Math.abs(value - median)),
    0.5,
  );
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Slope of the straight line through the points, by the median of all pairs: one outlier moves nothing. */
export function slopeOf(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter((other) => other.x !== one.x)
      .map((other) => (other.y - one.y) / (other.x - one.x)),
  );
  return medianOf(slopes) ?? 0;
}

/**
 * The same slope, or 0 where all that it makes over the points is within twice their scatter around the line: then nobody
 * could say that there is one.
 */
export function tellableSlopeOf(points: readonly Point[]): number {
  const slope = slopeOf(points);
  const xs = points.map(({ x }) => x);
  const rise = slope * (Math.max(...xs) - Math.min(...xs));
  const scatter = points.length === 0 ? 0 : medianDeviation(points.map(({ x, y }) => y - slope * x));
  return Math.abs(rise) <= 2 * scatter ? 0 : slope;
}
