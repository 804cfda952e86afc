// The median of some numbers, and their other quantiles. Pure.

/** The middle value, or halfway between the two middle ones; `undefined` without values. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = new Float64Array(values).sort();
  const lower = sorted[(sorted.length - 1) >> 1];
  const upper = sorted[sorted.length >> 1];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

/**
 * The value below which a share of the values lies, between its neighbours.
 * @param quantile the share, from 0 to 1
 * @throws RangeError without values
 */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = new Float64Array(values).sort();
  const position = (sorted.length - 1) * quantile;
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) throw new RangeError('a quantile of nothing');
  return lower + (upper - lower) * (position - Math.floor(position));
}
