// Two runs of the benchmark side by side: which figures changed by more than their own noise.
import type { Result } from './results.ts';
import { medianDeviation } from './statistics.ts';

export type Verdict = 'better' | 'worse' | 'noise' | 'new' | 'gone' | 'unmeasured';

export interface Change {
  readonly name: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly verdict: Verdict;
}

/** A change counts from this share on where a figure was measured only once, and nothing is known of its noise. */
const SINGLE_RUN_NOISE = 0.3;
/** Beyond this many median deviations, of either run, a difference is no noise. */
const DEVIATIONS = 4;

export function compareResults(before: readonly Result[], after: readonly Result[]): readonly Change[] {
  const names = new Set([...before, ...after].map(({ name }) => name));
  return [...names].map((name) => {
    const old = before.find((result) => result.name === name);
    const current = after.find((result) => result.name === name);
    return {
      name,
      before: old?.value ?? undefined,
      after: current?.value ?? undefined,
      verdict: judge(old, current),
    };
  });
}

function judge(old: Result | undefined, current: Result | undefined): Verdict {
  if (!old) return 'new';
  if (!current) return 'gone';
  if (old.value === null || current.value === null) return 'unmeasured';
  if (!isBeyondNoise(old, current)) return 'noise';
  const isHigher = current.value > old.value;
  return isHigher === (current.better === 'higher') ? 'better' : 'worse';
}

/** The runs of both must lie apart, and by more than they scatter. */
function isBeyondNoise(old: Result, current: Result): boolean {
  const oldValue = old.value ?? 0;
  const difference = Math.abs((current.value ?? 0) - oldValue);
  if (difference === 0) return false;
  if (old.runs.length < 2 || current.runs.length < 2) return difference > SINGLE_RUN_NOISE * Math.abs(oldValue);
  const areApart =
    Math.max(...old.runs) < Math.min(...current.runs) || Math.max(...current.runs) < Math.min(...old.runs);
  return areApart && difference > DEVIATIONS * Math.max(medianDeviation(old.runs), medianDeviation(current.runs));
}
