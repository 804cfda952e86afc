// Clocks for tests: one that stands still until it is moved, one that runs fast.
import { setTimeout as delay } from 'node:timers/promises';
import { epochMs } from '../../../common/brands.ts';
import type { Clock } from '../../../common/clock.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Somebody sets the host's clock. */
  jumpWall(ms: number): void;
}

export const START_MS = Date.UTC(2026, 10, 20, 12, 0, 0);

export function createManualClock(startMs = START_MS): ManualClock {
  let elapsed = 0;
  let jumped = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => epochMs(startMs + elapsed),
    wallNow: () => epochMs(startMs + elapsed + jumped),
    monotonicMs: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: elapsed + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      elapsed += ms;
      for (const sleeper of [...sleepers]) {
        if (sleeper.until > elapsed) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    jumpWall(ms) {
      jumped += ms;
    },
  };
}

/** Runs `factor` times as fast as the world, so that minutes of back-off pass in moments. */
export function createFastClock(factor: number): Clock {
  const wallStart = Date.now();
  const start = performance.now();
  const elapsed = () => (performance.now() - start) * factor;
  return {
    now: () => epochMs(wallStart + elapsed()),
    wallNow: () => epochMs(wallStart + elapsed()),
    monotonicMs: elapsed,
    sleep: async (ms, signal) => {
      await delay(Math.ceil(ms / factor), undefined, { ref: false, ...(signal ? { signal } : {}) });
    },
  };
}
