// The existing service now against its baseline: status and shape must be the same, latency within the limit.
import type { CheckResult } from '../check-result.ts';
import { critical, ok, warning } from '../check-result.ts';
import type { Baseline, EndpointBaseline } from './baseline.ts';
import { compareShapes } from './json-shape.ts';
import { type Batch, estimateRatio, type RatioEstimate } from './latency-ratio.ts';

/** Existing endpoints stay within 5 % of their baseline. */
export const LATENCY_LIMIT = 1.05;
const MOST_IN_BATCH = 10;
const LEAST_BATCHES = 10;

/** One finding for status and shape, one for latency, of each endpoint of the baseline. */
export function compareBaselines(before: Baseline, after: Baseline): readonly CheckResult[] {
  return before.endpoints.flatMap((endpoint) => {
    const present = after.endpoints.find(({ name }) => name === endpoint.name);
    if (present === undefined) return [critical(endpoint.name, 'was not asked', 'run the check again')];
    return [compareAnswers(endpoint, present), compareLatency(endpoint, present)];
  });
}

export function describeLatency(name: string, estimate: RatioEstimate, how: string): CheckResult {
  const { ratio, low, high, smallestDetectable, verdict, samples } = estimate;
  const seen =
    `${verdict}: ${percent(ratio - 1)} (95 % sure it is between ${percent(low - 1)} and ${percent(high - 1)}; ` +
    `smallest change this run can see ${percent(smallestDetectable)}), ${samples} samples a side, ${how}`;
  const label = `${name} latency`;
  switch (verdict) {
    case 'no change':
    case 'faster':
      return ok(label, seen);
    case 'slower':
      return critical(
        label,
        seen,
        `more than ${percent(LATENCY_LIMIT - 1)} slower: stop_monitoring.sh, and measure again`,
      );
    case 'uncertain':
      return warning(label, seen, 'too noisy to say: more samples (--samples), or a quieter hour');
  }
}

function compareAnswers(before: EndpointBaseline, after: EndpointBaseline): CheckResult {
  const name = `${before.name} answers`;
  const [was, is] = [before.statuses.join(', '), after.statuses.join(', ')];
  if (was !== is) return critical(name, `status was ${was} and is ${is}`, 'look at the log of the existing service');
  const changes = compareShapes(before.shape, after.shape);
  if (changes.length === 0) return ok(name, `status ${is}, ${Object.keys(after.shape).length} fields as before`);
  const mend = 'was the existing service itself changed? then capture a new baseline';
  return critical(name, changes.slice(0, 6).join('; '), mend);
}

/** Days may lie between the two: what else has changed on the machine counts in, and is said. */
function compareLatency(before: EndpointBaseline, after: EndpointBaseline): CheckResult {
  const samples = Math.min(before.latencies.length, after.latencies.length);
  if (samples < LEAST_BATCHES) {
    const seen = `${samples} samples a side are too few to tell noise from change`;
    return warning(`${before.name} latency`, seen, `at least ${LEAST_BATCHES}, better 60: --samples 60`);
  }
  // An interval from one or two batches would look certain and be none.
  const size = Math.min(MOST_IN_BATCH, Math.floor(samples / LEAST_BATCHES));
  const without = chunk(before.latencies.slice(0, samples), size);
  const present = chunk(after.latencies.slice(0, samples), size);
  const batches: readonly Batch[] = without.map((values, index) => ({ without: values, with: present[index] ?? [] }));
  const estimate = estimateRatio(batches, LATENCY_LIMIT);
  return describeLatency(before.name, estimate, 'not at the same time: changes of the machine count in');
}

function chunk(values: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    return values.slice(index * size, (index + 1) * size);
  });
}

function percent(ratio: number): string {
  return `${ratio >= 0 ? '+' : ''}${(ratio * 100).toFixed(1)} %`;
}
