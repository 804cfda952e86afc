// Halts a native stack's programs for a moment and lets them go on: the side "without us" of a comparison.
import { readRunState } from '../../engines/run-state.ts';
import type { Switch } from './interleaved.ts';

/** Well below the 15 s after which a program of ours takes its own standstill for a fault. */
const LONGEST_MS = 8_000;

/** Whatever happens to us, they go on: a forgotten halt would be worse than any latency. */
export function haltSwitch(dataDir: string): Switch {
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of Object.values(readRunState(dataDir)?.pids ?? {})) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended; the supervisor starts it again, and the next turn finds its new number.
      }
    }
  };
  const goOn = () => signalAll('SIGCONT');
  process.once('exit', goOn);
  let limit: NodeJS.Timeout | undefined;
  return {
    async without() {
      signalAll('SIGSTOP');
      limit = setTimeout(goOn, LONGEST_MS);
    },
    async with() {
      clearTimeout(limit);
      goOn();
    },
  };
}
