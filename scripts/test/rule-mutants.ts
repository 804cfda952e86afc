// Turns every judgement of the rules once and shows that a unit test notices: `N mutants killed, N survived`.
// Each mutant is tried against the tests that load its file, in a copy of the two folders, two at a time.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { findEngines } from '../native/engines.ts';
import { type Mutant, mutate } from '../rules/mutations.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '..', '..');
const RULES = join('prometheus', 'rules');
const TESTS = join('tests', 'rules');

interface UnitTest {
  /** A file of its own, so that the first failure ends the trial. */
  readonly path: string;
  readonly loads: string;
  readonly text: string;
  kills: number;
}

interface Trial {
  readonly file: string;
  readonly mutant: Mutant;
}

type Verdict = 'killed' | 'survived' | 'invalid';

/** Copies rules and tests, the tests one to a file. */
function prepare(folder: string): UnitTest[] {
  cpSync(join(CHECKOUT, RULES), join(folder, RULES), { recursive: true });
  mkdirSync(join(folder, TESTS), { recursive: true });
  return readdirSync(join(CHECKOUT, TESTS))
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => {
      const { tests, ...shared } = parse(readFileSync(join(CHECKOUT, TESTS, name), 'utf8'));
      return tests.map((test: unknown, index: number) => {
        const path = join(folder, TESTS, `${index}-${name}`);
        writeFileSync(path, stringify({ ...shared, tests: [test] }));
        return { path, loads: shared.rule_files.join(' '), text: JSON.stringify(test), kills: 0 };
      });
    });
}

/** Those that name the alert; for a recording rule, which many alerts may read, all that load its file. */
function relevant({ file, mutant }: Trial, tests: readonly UnitTest[]): readonly UnitTest[] {
  const loading = tests.filter(({ loads }) => loads.includes(`rules/${file}`));
  const naming = loading.filter(({ text }) => text.includes(mutant.rule));
  const chosen = mutant.rule.includes(':') ? loading : [...naming, ...loading.filter((test) => !naming.includes(test))];
  return chosen.toSorted((one, other) => other.kills - one.kills);
}

async function judge(promtool: string, trial: Trial, folder: string, tests: readonly UnitTest[]): Promise<Verdict> {
  const path = join(folder, RULES, trial.file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, trial.mutant.text);
  try {
    for (const test of relevant(trial, tests)) {
      const output = await failure(promtool, ['test', 'rules', test.path]);
      if (output === undefined) continue;
      test.kills += 1;
      return /parse error|could not parse|unmarshal/.test(output) ? 'invalid' : 'killed';
    }
    return 'survived';
  } finally {
    writeFileSync(path, original);
  }
}

/** What a failing command said; `undefined` when it passed. */
async function failure(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(program, args, { timeout: 60_000, env: { ...process.env, GOMAXPROCS: '1' } });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return `${stdout}${stderr}`;
  }
}

async function work(promtool: string, queue: Trial[], verdicts: [Trial, Verdict][]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rule-mutants-'));
  try {
    const tests = prepare(folder);
    for (let trial = queue.shift(); trial; trial = queue.shift()) {
      verdicts.push([trial, await judge(promtool, trial, folder, tests)]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only files that a test loads: that every alert has tests is shown by rules.test.ts. */
function allTrials(): readonly Trial[] {
  const tests = readdirSync(join(CHECKOUT, TESTS)).filter((name) => name.endsWith('.yml'));
  const loads = tests.map((name) => readFileSync(join(CHECKOUT, TESTS, name), 'utf8')).join('\n');
  return readdirSync(join(CHECKOUT, RULES))
    .filter((file) => loads.includes(`rules/${file}`))
    .flatMap((file) => mutate(readFileSync(join(CHECKOUT, RULES, file), 'utf8')).map((mutant) => ({ file, mutant })));
}

const { promtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: console.log });
const only = process.argv[2];
const queue = [...allTrials()].filter(({ file }) => !only || file === only);
const verdicts: [Trial, Verdict][] = [];
await Promise.all(Array.from({ length: availableParallelism() }, () => work(promtool, queue, verdicts)));
const survived = verdicts.filter(([, verdict]) => verdict === 'survived');
const killed = verdicts.filter(([, verdict]) => verdict === 'killed');
for (const [{ file, mutant }] of survived) {
  console.log(`survived: ${RULES}/${file}:${mutant.line} ${mutant.rule}: ${mutant.change}`);
}
for (const [{ file, mutant }] of verdicts.filter(([, verdict]) => verdict === 'invalid')) {
  console.log(`not PromQL, left out: ${RULES}/${file}:${mutant.line} ${mutant.rule}: ${mutant.change}`);
}
console.log(`${killed.length} mutants killed, ${survived.length} survived`);
if (survived.length > 0 || killed.length === 0) process.exitCode = 1;
