// Medians, quantiles and spread of a few measurements. Pure.

/** The value below which the share `quantile` of the values lies, between neighbours. @throws RangeError without values. */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * quantile;
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) throw new RangeError('a quantile of nothing');
  return lower + (upper - lower) * (position - Math.floor(position));
}

/** @throws RangeError without values. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** Half of the values lie no further than this from their median. */
export function medianDeviation(values: readonly number[]): number {
  const median = medianOf(values);
  return medianOf(values.map((value) => Math.abs(value - median)));
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
  return slopes.length === 0 ? 0 : medianOf(slopes);
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
