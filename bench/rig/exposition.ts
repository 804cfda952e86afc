// Reads figures out of a scraped text: as much of the exposition format as a benchmark needs.

/** The sum of all series of that name whose labels hold all of these texts, such as `exchange="okx"`. */
export function sumOf(text: string, name: string, labels: readonly string[] = []): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export function countSeries(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

/**
 * A quantile of a histogram, interpolated within its bucket as Prometheus does it. `before` is an earlier scrape, so that only
 * what came since counts. `undefined` when nothing came; the largest bound when it lies beyond.
 */
export function histogramQuantile(name: string, quantile: number, before: string, after: string): number | undefined {
  const bounds = [
    ...new Set([...after.matchAll(new RegExp(`^${name}_bucket\\{[^}]*le="([^"]+)"`, 'gm'))].map((m) => m[1] ?? '')),
  ];
  const buckets = bounds.map((bound) => {
    const label = [`le="${bound}"`];
    const count = sumOf(after, `${name}_bucket`, label) - sumOf(before, `${name}_bucket`, label);
    return { bound: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), count };
  });
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = quantile * total;
  let lower = { bound: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.bound === Number.POSITIVE_INFINITY) return lower.bound;
      const share = (rank - lower.count) / Math.max(1, bucket.count - lower.count);
      return lower.bound + (bucket.bound - lower.bound) * share;
    }
    lower = bucket;
  }
  return lower.bound;
}
