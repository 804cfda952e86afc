// The compose files on a real engine, where one answers. Where none does that is said, and counted neither way.
import { join } from 'node:path';
import { type Outcome, runCommand, type Step } from './step.ts';

export function composeStep(checkout: string): Step {
  return {
    name: 'compose',
    title: 'Docker: the compose files on the engine at hand',
    async run() {
      const lines: string[] = [];
      const code = await runCommand([process.execPath, join(checkout, 'tests', 'compose', 'run.ts')], (line) => {
        console.log(line);
        lines.push(line);
      });
      return readClaims(lines, code);
    },
  };
}

/**
 * Counts what the compose test printed: `ok    …`, `NOT OK …`, and at its end `N passed, N failed`.
 * @param code with which it ended: 0 with `skipped: …` where there is no engine
 */
export function readClaims(lines: readonly string[], code: number): Outcome {
  const failures = lines.filter((line) => line.startsWith('NOT OK'));
  const [, passed = '0', failed = '0'] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? [];
  const leastFailed = code === 0 ? 0 : 1;
  return { passed: Number(passed), failed: Math.max(leastFailed, Number(failed)), failures };
}
