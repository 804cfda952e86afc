// Work done again and again, by the clock that everything else goes by, until told to stop.
import type { Clock } from './clock.ts';
import { errorText } from './errors.ts';
import type { Logger } from './logger.ts';

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

/** The work, without its failures: something outside is away and is asked again. Only a change is worth a line. */
export function steadily(logger: Logger, task: string, work: () => Promise<void>): () => Promise<void> {
  let lastError = '';
  return async () => {
    try {
      await work();
      lastError = '';
    } catch (error) {
      if (errorText(error) !== lastError) logger.warn({ err: error, task }, 'an engine does not answer');
      lastError = errorText(error);
    }
  };
}
