// `npm test -- FILE...`: each test file in a process of its own, one after the other, without coverage.
import { join } from 'node:path';
import { type Outcome, runCommand, type Step } from './step.ts';
import { createTapDigest } from './tap-digest.ts';
import { countTap } from './tap-results.ts';

/** As `.taprc` has it for the whole run. */
const TIMEOUT_SECONDS = '90';

export function fileStep(checkout: string, path: string): Step {
  return {
    name: path,
    title: path,
    async run() {
      const digest = createTapDigest();
      const lines: string[] = [];
      const failures: string[] = [];
      const code = await runCommand(
        [process.execPath, join(checkout, path)],
        (line) => {
          lines.push(line);
          const words = digest.add(line);
          for (const word of words) console.log(word);
          if (words[0]?.startsWith('✗')) failures.push(...words);
        },
        { TAP_TIMEOUT: TIMEOUT_SECONDS },
      );
      return judgeFile(path, lines.join('\n'), code, failures);
    },
  };
}

/** A file in which no test ran has failed: nothing is green without having looked. */
export function judgeFile(path: string, tap: string, code: number, failures: readonly string[]): Outcome {
  const { passed, failed } = countTap(tap);
  if (failed > 0) return { passed, failed, failures };
  if (code !== 0) return { passed, failed: 1, failures: [`${path} ended with ${code}, although no test failed`] };
  if (passed > 0) return { passed, failed };
  const why = / # (?:SKIP )?(.+)$/m.exec(tap)?.[1];
  return { passed, failed: 1, failures: [`no test ran in ${path}${why === undefined ? '' : `: ${why}`}`] };
}
