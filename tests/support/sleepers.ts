// Tells when the work under test sleeps. Only then has it done all it does at this moment: a request that it should not have
// made is answered and counted by then.
import type { Clock } from '../../common/clock.ts';

const LIMIT_MS = 10_000;

export type SleeperClock<Base extends Clock> = Base & {
  /** Waits until that many tasks sleep on this clock. @throws Error when they do not within ten seconds */
  untilAsleep(tasks: number): Promise<void>;
};

export function withSleepers<Base extends Clock>(clock: Base): SleeperClock<Base> {
  let asleep = 0;
  return {
    ...clock,
    async sleep(ms: number, signal?: AbortSignal) {
      asleep += 1;
      try {
        await clock.sleep(ms, signal);
      } finally {
        asleep -= 1;
      }
    },
    async untilAsleep(tasks: number) {
      const startedAt = performance.now();
      while (asleep !== tasks) {
        if (performance.now() - startedAt > LIMIT_MS) throw new Error(`${asleep} of ${tasks} tasks sleep`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
