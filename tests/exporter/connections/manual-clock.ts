// A clock that stands still until a test moves it. Sockets stay real: after each step the event loop gets a few turns.
import { epochMs } from '../../../common/brands.ts';
import type { Clock } from '../../../common/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time, waking sleepers in their order. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

export function createManualClock(startMs: number = Date.now()): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    wallNow: () => epochMs(nowMs),
    now: () => epochMs(nowMs),
    monotonicMs: () => nowMs,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = { atMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await turn();
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > endMs) break;
        nowMs = Math.max(nowMs, next.atMs);
        sleepers.delete(next);
        next.wake();
      }
      nowMs = endMs;
      await turn();
    },
  };
}

/** Lets pending promises and socket events happen. */
async function turn(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
