// Everything `npm test` checks, in order: the quick gates first, then the tests, then what is read off them.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findEngines } from '../../engines/find-engines.ts';
import { PRODUCT_ROOMS } from '../support/rooms.ts';
import { browserStep } from './browser.ts';
import { composeStep } from './compose-step.ts';
import { coverageStep } from './coverage-step.ts';
import { postgresStep } from './postgres-step.ts';
import { standardExportersStep } from './standard-exporters.ts';
import { commandStep, type Outcome, runCommand, type Step } from './step.ts';
import { createTapDigest } from './tap-digest.ts';
import { countTapFolder } from './tap-results.ts';

/** The step `coverage` judges it; unasked, tap does too, by a bound of its own. */
const NO_JUDGEMENT_OF_COVERAGE = ['--coverage-report=none', '--allow-empty-coverage', '--allow-incomplete-coverage'];

export function testSteps(checkout: string): readonly Step[] {
  const steps: readonly Step[] = [
    enginesStep(checkout),
    browserStep,
    postgresStep(checkout),
    standardExportersStep(),
    commandStep('lint', 'Lint and format (biome)', [
      'biome',
      'ci',
      ...(process.stdout.isTTY ? [] : ['--colors=off']),
      '.',
    ]),
    commandStep('types', 'Types (tsc)', ['tsc', '--noEmit']),
    commandStep('unused', 'Unused code and dependencies (knip)', ['knip']),
    script('rules', 'Rules and configuration (promtool, amtool)', 'engines/rules/main.ts'),
    tapStep(checkout),
    coverageStep(checkout, PRODUCT_ROOMS),
    script('mutants', 'Mutants of our code, each killed by a test', 'tests/runner/mutants.ts'),
    script('rule-mutants', 'Mutants of the rules, each killed by a test', 'tests/runner/rule-mutants.ts'),
    composeStep(checkout),
  ];
  return steps;

  function script(name: string, title: string, path: string): Step {
    return commandStep(name, title, [process.execPath, join(checkout, path)]);
  }
}

function enginesStep(checkout: string): Step {
  return {
    name: 'engines',
    title: 'Prometheus and Alertmanager',
    async run() {
      const engines = await findEngines({ cacheDir: join(checkout, '.cache'), log: console.log });
      console.log(`${engines.prometheus} ${engines.versions.prometheus}`);
      console.log(`${engines.alertmanager} ${engines.versions.alertmanager}`);
      return { passed: 1, failed: 0 };
    },
  };
}

function tapStep(checkout: string): Step {
  return {
    name: 'tests',
    title: 'Tests (tap): unit, integration, end to end',
    async run() {
      mkdirSync(join(checkout, 'reports'), { recursive: true });
      for (const stale of ['test-results', 'coverage'])
        rmSync(join(checkout, '.tap', stale), { recursive: true, force: true });
      // Unbuilt, tap trips over the plugin that .taprc switches off.
      if (!existsSync(join(checkout, '.tap', 'plugins'))) await runCommand(['tap', 'build']);
      const digest = createTapDigest();
      const failures: string[] = [];
      const code = await runCommand(
        ['tap', 'run', '--reporter=tap', '--no-disable-coverage', ...NO_JUDGEMENT_OF_COVERAGE],
        (line) => {
          const words = digest.add(line);
          for (const word of words) console.log(word);
          if (words[0]?.startsWith('✗')) failures.push(...words);
        },
      );
      const counted = countTapFolder(join(checkout, '.tap', 'test-results'));
      const replay = ['replay', '--reporter=junit', '--reporter-file=reports/junit.xml'];
      const replayed = await runCommand(['tap', ...replay, ...NO_JUDGEMENT_OF_COVERAGE]);
      if (counted.passed + counted.failed === 0) failures.push('no test ran');
      if (code !== 0 && counted.failed === 0) failures.push(`tap run ended with ${code}, although no test failed`);
      if (replayed !== 0) failures.push(`tap replay, which writes reports/junit.xml, ended with ${replayed}`);
      return { ...judge(counted, code, replayed), failures };
    },
  };
}

/** tap also fails for what no count shows: a time-out after the last test, a file that exits with an error. */
function judge({ passed, failed }: Outcome, tapCode: number, replayCode: number): Outcome {
  if (tapCode !== 0) return { passed, failed: Math.max(1, failed) };
  if (replayCode !== 0) return { passed, failed: failed + 1 };
  if (passed === 0) return { passed, failed: Math.max(1, failed) };
  return { passed, failed };
}
