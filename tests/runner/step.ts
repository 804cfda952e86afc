// One step of the test run: a headline, its output as it comes, its outcome and its time. A failure never stops the others.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from '../../common/env.ts';
import { errorText } from '../../common/errors.ts';

/** Passed and failed count checks: one for a gate, one per test for the test files. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What failed, in lines: said again at the end, because a log is often cut to its last lines. */
  readonly failures?: readonly string[];
}

export interface Step {
  readonly name: string;
  readonly title: string;
  run(): Promise<Outcome>;
}

export interface StepResult extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

const MOST_FAILURE_LINES = 200;
const GATE_PASSED: Outcome = { passed: 1, failed: 0 };
const GATE_FAILED: Outcome = { passed: 0, failed: 1 };

export async function runStep(step: Step, say: (line: string) => void): Promise<StepResult> {
  say(`\n── ${step.title} ${'─'.repeat(Math.max(0, 100 - step.title.length))}`);
  const startedAt = performance.now();
  let outcome: Outcome;
  try {
    outcome = await step.run();
  } catch (error) {
    say(errorText(error));
    outcome = GATE_FAILED;
  }
  return { ...outcome, name: step.name, seconds: (performance.now() - startedAt) / 1_000 };
}

/** A step that passes when the command ends with 0. */
export function commandStep(name: string, title: string, command: readonly string[]): Step {
  return { name, title, run: async () => ((await runCommand(command)) === 0 ? GATE_PASSED : GATE_FAILED) };
}

/**
 * Runs a program; resolves with its exit code, 127 when it cannot be started.
 * @param onLine takes what it prints to standard output; without it the program prints where we do
 * @param more variables on top of our own
 */
export function runCommand(
  [program = '', ...args]: readonly string[],
  onLine?: (line: string) => void,
  more: Environment = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['inherit', onLine ? 'pipe' : 'inherit', 'inherit'],
      env: { ...process.env, ...more },
    });
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

export function isSkipped({ passed, failed }: Outcome): boolean {
  return passed + failed === 0;
}

/** Of the whole run. Nothing is green without having looked: a run in which all was skipped has failed. */
export function totalOf(results: readonly Outcome[]): Outcome {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return { passed, failed: results.every(isSkipped) ? 1 : failed };
}

/** The table at the end, slowest parts visible at a glance. */
export function describeResults(results: readonly StepResult[]): string {
  const rows = results.map(({ name, passed, failed, seconds }) => {
    const verdict = failed === 0 ? 'ok' : 'FAILED';
    return `  ${verdict.padEnd(8)}${name.padEnd(13)} ${`${passed} passed, ${failed} failed`.padEnd(26)}${seconds.toFixed(1)} s`;
  });
  const failures = results.flatMap(({ failures = [] }) => failures);
  const repeated = failures.length > 0 ? ['', 'What failed:', ...failures.slice(0, MOST_FAILURE_LINES)] : [];
  return ['', ...rows, ...repeated, ''].join('\n');
}
