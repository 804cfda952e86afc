// The four checkpoints of a roll-out, and what a run of machine checks leaves behind, each with what was seen as its evidence.
import type { CheckResult } from '../check-result.ts';

export const CHECKPOINTS = ['pre-deployment', 'isolated deployment', 'integration', 'production'] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

/** A finding that knows where it belongs; its detail is the evidence. */
export interface Checked extends CheckResult {
  /** A checkpoint's name; in other reports, the name of their part. */
  readonly checkpoint: string;
}

export interface Validation {
  /** What the page is headed with; `Validation` unless told otherwise. */
  readonly title?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Absent where the checkout is no git clone. */
  readonly commit: string | undefined;
  readonly mode: string;
  readonly checks: readonly Checked[];
}

export function verdictOf(checks: readonly CheckResult[]): 'passed' | 'failed' {
  return checks.some(({ level }) => level === 'critical') ? 'failed' : 'passed';
}

/** The parts of a report in the order in which they come. */
export function partsOf(checks: readonly Checked[]): readonly (readonly [name: string, checks: readonly Checked[]])[] {
  return [...Map.groupBy(checks, ({ checkpoint }) => checkpoint)];
}
