// Counts failures of authentication per address, to tell a flood of guesses from a wrong setting. Bounded.
import type { Clock } from '../../common/clock.ts';

const WINDOW_MS = 60_000;
const MAX_FAILURES = 20;
const MAX_ADDRESSES = 1_000;

export interface FailureLimit {
  /** Counts one failure; `true` once the address has used up its failures of this minute. */
  fail(address: string): boolean;
}

export function createFailureLimit(clock: Clock, maxFailures = MAX_FAILURES): FailureLimit {
  const failures = new Map<string, { count: number; readonly since: number }>();
  const current = (address: string) => {
    const entry = failures.get(address);
    return entry && clock.monotonicMs() - entry.since < WINDOW_MS ? entry : undefined;
  };
  return {
    fail(address) {
      const entry = current(address) ?? { count: 0, since: clock.monotonicMs() };
      entry.count += 1;
      failures.delete(address);
      failures.set(address, entry);
      const oldest = failures.keys().next();
      if (failures.size > MAX_ADDRESSES && !oldest.done) failures.delete(oldest.value);
      return entry.count > maxFailures;
    },
  };
}
