// Exponential backoff as one pure function: feeds, REST pollers, the supervisor and the outbox all wait by it.

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
  /** Share of the delay that is random, 0 to 1: 0.2 gives 80 % to 100 % of the step. 0 is exact. */
  readonly jitterRatio: number;
}

/**
 * Delay before attempt number `attempt` (0 is the first retry): base × 2^attempt, capped, jitter taken off and never added,
 * so that the cap is a cap.
 */
export function backoffDelayMs(attempt: number, backoff: Backoff, random: () => number = Math.random): number {
  const step = Math.min(backoff.baseMs * 2 ** Math.min(attempt, 30), backoff.capMs);
  return step * (1 - backoff.jitterRatio * random());
}
