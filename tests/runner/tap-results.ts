// Counts tests in what tap stores of each test file: one per `t.test` of a file, whatever it asserts inside.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './step.ts';

const RESULT_LINE = /^(not )?ok \d+/;

// A crash is reported by tap as a test of its own, named after what broke.
const SKIPPED = / # (SKIP|TODO)\b/i;

/**
 * Counts the outermost tests of one file's TAP. A file that reported nothing did not load: one failed.
 * Skipped tests count as neither.
 */
export function countTap(tap: string): Outcome {
  let passed = 0;
  let failed = 0;
  let reported = false;
  for (const line of tap.split('\n')) {
    const match = RESULT_LINE.exec(line);
    if (match || line.startsWith('1..')) reported = true;
    if (!match || SKIPPED.test(line)) continue;
    if (match[1] === undefined) passed += 1;
    else failed += 1;
  }
  return reported ? { passed, failed } : { passed, failed: failed + 1 };
}

/** Adds up every file below a folder such as `.tap/test-results`. */
export function countTapFolder(folder: string): Outcome {
  let passed = 0;
  let failed = 0;
  for (const file of globSync('**/*.tap', { cwd: folder })) {
    const outcome = countTap(readFileSync(join(folder, file), 'utf8'));
    passed += outcome.passed;
    failed += outcome.failed;
  }
  return { passed, failed };
}
