// The four checkpoints of a roll-out as lists of machine checks, each with what was seen as its evidence.
import type { Finding } from '../finding.ts';

export const CHECKPOINTS = ['pre-deployment', 'isolated deployment', 'integration', 'production'] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

/** A finding that knows where it belongs; its detail is the evidence. */
export interface Checked extends Finding {
  readonly checkpoint: Checkpoint;
}

export interface Validation {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly version: string;
  /** Absent where the checkout is no git clone. */
  readonly commit: string | undefined;
  readonly mode: string;
  readonly checks: readonly Checked[];
}

export function verdictOf(checks: readonly Finding[]): 'passed' | 'failed' {
  return checks.some(({ level }) => level === 'critical') ? 'failed' : 'passed';
}
