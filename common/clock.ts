// Time as an argument. Logic takes a Clock so that tests can move time; nothing else in the project calls Date.now().
import { setTimeout as delay } from 'node:timers/promises';
import { type EpochMs, epochMs } from './brands.ts';

export interface Clock {
  /** Wall clock of the host; may jump when somebody sets it. */
  wallNow(): EpochMs;
  /**
   * A clock that never jumps: wall time at start plus monotonic time since. Receive times and windows use it, so that a
   * host clock set forward or back while running changes no window; its error against the venues is what
   * `windows/clock-offset.ts` measures.
   */
  now(): EpochMs;
  /** Milliseconds on a monotonic clock with an arbitrary origin, for durations and time-outs. */
  monotonicMs(): number;
  /** Waits; rejects with the signal's reason when aborted. A wait alone does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export function createSystemClock(): Clock {
  const origin = Date.now() - performance.now();
  return {
    wallNow: () => epochMs(Date.now()),
    now: () => epochMs(origin + performance.now()),
    monotonicMs: () => performance.now(),
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { ref: false, ...(signal ? { signal } : {}) });
    },
  };
}
