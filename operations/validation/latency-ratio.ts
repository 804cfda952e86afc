// Is the second set of latencies slower than the first, and how sure is that? A bootstrap interval of the ratio of medians,
// which asks nothing of the distribution. Pure but for the random numbers that come in.
import { quantileOf } from '../../common/median.ts';

/** Two sets that were measured alternately, batch by batch, so that what the machine did meanwhile met both. */
export interface Batch {
  readonly without: readonly number[];
  readonly with: readonly number[];
}

export const VERDICTS = ['no change', 'slower', 'faster', 'uncertain'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface RatioEstimate {
  /** Median with us divided by median without. */
  readonly ratio: number;
  /** 95 % interval of that ratio. */
  readonly low: number;
  readonly high: number;
  /** The smallest true change, as a ratio above 0, that a run like this would tell from none four times out of five. */
  readonly smallestDetectable: number;
  readonly verdict: Verdict;
  readonly samples: number;
}

const RESAMPLES = 2_000;
/** 1.96 for the 95 % interval and 0.84 for being right in 80 % of the runs. */
const DETECTION = 1.96 + 0.84;

/**
 * Resamples whole batches, because neighbours in time resemble each other.
 * @param limit the ratio above which a change matters, for example 1.05
 * @throws RangeError without samples on both sides
 */
export function estimateRatio(
  batches: readonly Batch[],
  limit: number,
  random: () => number = Math.random,
): RatioEstimate {
  const observed = ratioOf(batches);
  const ratios = new Float64Array(RESAMPLES);
  for (let index = 0; index < RESAMPLES; index += 1) {
    ratios[index] = ratioOf(
      batches.map(() => batches[Math.floor(random() * batches.length)] ?? { without: [], with: [] }),
    );
  }
  ratios.sort();
  const low = ratios[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN;
  const high = ratios[Math.ceil(RESAMPLES * 0.975) - 1] ?? Number.NaN;
  const spread = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - observed) ** 2, 0) / RESAMPLES);
  return {
    ratio: observed,
    low,
    high,
    smallestDetectable: spread * DETECTION,
    verdict: judge(low, high, limit),
    samples: batches.reduce((sum, batch) => sum + batch.with.length, 0),
  };
}

/** A change counts only when the whole interval lies beyond the limit; one that straddles it is not known. */
function judge(low: number, high: number, limit: number): Verdict {
  if (low > limit) return 'slower';
  if (high < 1 / limit) return 'faster';
  return high <= limit ? 'no change' : 'uncertain';
}

function ratioOf(batches: readonly Batch[]): number {
  const without = quantileOf(
    batches.flatMap((batch) => batch.without),
    0.5,
  );
  const ratio =
    quantileOf(
      batches.flatMap((batch) => batch.with),
      0.5,
    ) / without;
  if (!Number.isFinite(ratio)) throw new RangeError('a ratio needs samples on both sides');
  return ratio;
}
