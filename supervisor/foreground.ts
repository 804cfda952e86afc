// A program in the foreground of a terminal: what ends it, and how it says why it could not start.
import { AppError } from '../common/errors.ts';
import { onLauncherGone } from '../common/launcher.ts';

/** Stopping takes 9 s at most where every program has to be killed. */
const STOP_LIMIT_MS = 9_700;

/** Runs a task with a signal that aborts on SIGINT, SIGTERM, SIGHUP or the launcher's death; exits 1 with a sentence on failure. */
export async function runInForeground(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    // What was still being prepared (a download) has nothing to stop in order, and must not hold up the 10 s.
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  onLauncherGone(stop);
  // A closed terminal or pipe must not end us with an error: the programs still have to be stopped in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    await task(stopping.signal);
    process.exitCode = 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (stopping.signal.aborted) return;
    console.error(error.message);
    process.exitCode = 1;
  }
}
