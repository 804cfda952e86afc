// Turns every judgement of the rules once and shows that a unit test notices: `N mutants killed, N survived`.
// Each mutant is tried against the tests that load its file, in a copy of the two folders, two at a time.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { commandLine } from '../../common/command-line.ts';
import { AppError } from '../../common/errors.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { type Mutant, mutate } from './rule-mutations.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '..', '..');
const RULES = join('prometheus', 'rules');
const TESTS = join('tests', 'rules');

interface UnitTest {
  /** A file of its own, so that the first failure ends a trial. */
  readonly file: string;
  readonly content: string;
  readonly rules: readonly string[];
  seconds: number;
  kills: number;
}

interface Trial {
  readonly file: string;
  readonly mutant: Mutant;
}

type Verdict = 'killed' | 'survived' | 'invalid';

function readUnitTests(): readonly UnitTest[] {
  return yamlFiles(TESTS).flatMap((name) => {
    const { tests, ...shared } = parse(readFileSync(join(CHECKOUT, TESTS, name), 'utf8'));
    return tests.map((test: unknown, index: number) => ({
      file: `${index}-${name}`,
      content: stringify({ ...shared, tests: [test] }),
      rules: shared.rule_files.map((path: string) => basename(path)),
      seconds: 1,
      kills: 0,
    }));
  });
}

/** Only files that a test loads: that every alert has tests is shown by rules.test.ts. */
function readTrials(tests: readonly UnitTest[]): readonly Trial[] {
  return yamlFiles(RULES)
    .filter((file) => tests.some(({ rules }) => rules.includes(file)))
    .flatMap((file) => mutate(readFileSync(join(CHECKOUT, RULES, file), 'utf8')).map((mutant) => ({ file, mutant })));
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(join(CHECKOUT, folder)).filter((name) => name.endsWith('.yml'));
}

/** A copy of rules and tests for one worker. */
function copy(tests: readonly UnitTest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rule-mutants-'));
  cpSync(join(CHECKOUT, RULES), join(folder, RULES), { recursive: true });
  mkdirSync(join(folder, TESTS), { recursive: true });
  for (const { file, content } of tests) writeFileSync(join(folder, TESTS, file), content);
  return folder;
}

/** What the failing test said; `undefined` when it passes. */
async function failure(promtool: string, folder: string, { file }: UnitTest): Promise<string | undefined> {
  try {
    const options = { timeout: 60_000, env: { ...process.env, GOMAXPROCS: '1', GOGC: 'off' } };
    await run(promtool, ['test', 'rules', join(folder, TESTS, file)], options);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'stderr' in error && 'stdout' in error ? `${error.stdout}${error.stderr}` : '';
  }
}

/** The tests that load the file: first those that name the alert, then those that killed most in their time. */
function relevant({ file, mutant }: Trial, tests: readonly UnitTest[]): readonly UnitTest[] {
  const promise = (test: UnitTest) =>
    ((test.content.includes(mutant.rule) ? 5 : 1) * (test.kills + 1)) / (test.seconds + 0.1);
  return tests.filter(({ rules }) => rules.includes(file)).toSorted((one, other) => promise(other) - promise(one));
}

async function judge(promtool: string, trial: Trial, folder: string, tests: readonly UnitTest[]): Promise<Verdict> {
  const path = join(folder, RULES, trial.file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, trial.mutant.text);
  try {
    for (const test of relevant(trial, tests)) {
      const output = await failure(promtool, folder, test);
      if (output === undefined) continue;
      test.kills += 1;
      return /parse error|unmarshal/.test(output) ? 'invalid' : 'killed';
    }
    return 'survived';
  } finally {
    writeFileSync(path, original);
  }
}

/** Runs the work in as many copies as the machine has cores. */
async function inCopies<Item>(
  items: readonly Item[],
  tests: readonly UnitTest[],
  work: (item: Item, folder: string) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    const folder = copy(tests);
    try {
      for (let item = queue.shift(); item; item = queue.shift()) await work(item, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

const [only] = commandLine({
  name: 'node tests/runner/rule-mutants.ts',
  purpose: 'Turns every judgement of the rules once, and fails where no unit test of the rules notices.',
  words: '[FILE]',
  examples: ['node tests/runner/rule-mutants.ts liquidations.yml'],
}).words;
const { promtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: console.log });
const tests = readUnitTests();
await inCopies(tests, tests, async (test, folder) => {
  const startedAt = performance.now();
  const output = await failure(promtool, folder, test);
  if (output !== undefined) throw new AppError('RULES_BROKEN', `${test.file} fails without any mutant:\n${output}`);
  test.seconds = (performance.now() - startedAt) / 1_000;
});

const trials = readTrials(tests).filter(({ file }) => only === undefined || file === only);
const found: Record<Verdict, number> = { killed: 0, survived: 0, invalid: 0 };
await inCopies(trials, tests, async (trial, folder) => {
  const verdict = await judge(promtool, trial, folder, tests);
  found[verdict] += 1;
  const { file, mutant } = trial;
  if (verdict !== 'killed') console.log(`${verdict}: ${RULES}/${file}:${mutant.line} ${mutant.rule}: ${mutant.change}`);
});
console.log(`${found.killed} mutants killed, ${found.survived} survived`);
if (found.survived > 0 || found.killed === 0) process.exitCode = 1;
