// Work done again and again, by the clock that everything else goes by, until told to stop.
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';

/** Waits `periodMs` between the end of one round and the next. A round that fails is logged and not the last. */
export function repeat(clock: Clock, periodMs: number, work: () => unknown, signal: AbortSignal, logger: Logger): void {
  const run = async () => {
    while (!signal.aborted) {
      try {
        await clock.sleep(periodMs, signal);
      } catch {
        return;
      }
      try {
        await work();
      } catch (error) {
        logger.warn({ err: error }, 'a periodic task failed');
      }
    }
  };
  void run();
}
