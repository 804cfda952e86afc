// Shows that the tests would notice: applies each hand-made mutant of tests/mutants to a copy of the sources, runs the tests it
// names, and fails where none of them fails. The checkout itself is never touched.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine } from '../../common/command-line.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { PRODUCT_ROOMS } from '../support/rooms.ts';
import { locateMutant, type Source } from './locate-mutant.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = [...PRODUCT_ROOMS, 'prometheus', 'alertmanager', 'scripts', 'tests', 'package.json', 'tsconfig.json'];
/** Two, because a mutant run is a whole Node process and the smallest machine this must run on has two cores. */
const WORKERS = 2;
const TEST_LIMIT_MS = 60_000;

/** `faulty` is a mutant that proves nothing: its text is not there once, or its tests are not there. */
type Verdict = 'killed' | 'survived' | 'faulty';
type Outcome = 'passed' | 'failed' | 'timed out';

const { words } = commandLine({
  name: 'node tests/runner/mutants.ts',
  purpose: 'Applies each mutant of tests/mutants to a copy of the sources, and fails where no test notices.',
  words: '[NAME...]',
  notes: 'NAME is a part of the name of a mutant, or of the function or class it is in.',
});
const SOURCES = readSources();
const running = new Set<ChildProcess>();

/** Runs one test file in a copy. A test that hangs on a mutant has noticed it. */
async function runTest(copy: string, test: string): Promise<Outcome> {
  const child = spawn(process.execPath, [test], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, TAP_BAIL: '1' },
  });
  running.add(child);
  return await new Promise((resolve, reject) => {
    let outcome: Outcome = 'failed';
    const timer = setTimeout(() => {
      outcome = 'timed out';
      child.kill('SIGKILL');
    }, TEST_LIMIT_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve(code === 0 ? 'passed' : outcome);
    });
  });
}

/** A copy whose tests find the recorded data beside it, as they do beside the checkout. */
function makeCopy(folder: string, name: string): string {
  const copy = join(folder, name, 'checkout');
  mkdirSync(copy, { recursive: true });
  for (const entry of COPIED)
    if (existsSync(join(ROOT, entry))) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const shared = join(ROOT, '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, join(folder, name, 'shared'));
  return copy;
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

async function judge(copy: string, mutant: Mutant): Promise<Judgement> {
  const located = locateMutant(SOURCES, mutant);
  if (located.type === 'faulty') return { verdict: 'faulty', reason: located.reason };
  const { path, original, mutated } = located;
  if (!isTypeScript(mutated)) return { verdict: 'faulty', reason: 'it is no TypeScript, so every test would fail' };
  writeFileSync(join(copy, path), mutated);
  try {
    for (const test of mutant.tests) {
      const outcome = await runTest(copy, test);
      if (outcome !== 'passed') return { verdict: 'killed', reason: `${path}: ${test} ${outcome}` };
    }
    return { verdict: 'survived', reason: `${path}: ${mutant.tests.join(', ')} still passed` };
  } finally {
    writeFileSync(join(copy, path), original);
  }
}

function readSources(): readonly Source[] {
  return PRODUCT_ROOMS.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: ROOT })).map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8'),
  }));
}

function isTypeScript(source: string): boolean {
  try {
    stripTypeScriptTypes(source);
    return true;
  } catch {
    return false;
  }
}

/** Hands the items to the copies, one at a time each, so that no two mutants meet in one copy. */
async function share<Item>(
  copies: readonly string[],
  items: readonly Item[],
  work: (copy: string, item: Item) => Promise<void>,
) {
  const queue = items.values();
  await Promise.all(
    copies.map(async (copy) => {
      for (const item of queue) await work(copy, item);
    }),
  );
}

async function loadMutants(filters: readonly string[]): Promise<readonly Mutant[]> {
  const folder = join(ROOT, 'tests', 'mutants');
  const lists = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'mutant.ts');
  const all: Mutant[] = [];
  for (const list of lists.toSorted()) {
    const module: { readonly mutants?: readonly Mutant[] } = await import(pathToFileURL(join(folder, list)).href);
    if (!module.mutants) throw new Error(`tests/mutants/${list} exports no list named mutants`);
    all.push(...module.mutants);
  }
  if (filters.length === 0) return all;
  return all.filter(({ name, in: place }) => filters.some((text) => name.includes(text) || place.includes(text)));
}

async function main(filters: readonly string[]): Promise<boolean> {
  const mutants = await loadMutants(filters);
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const copies = Array.from({ length: WORKERS }, (_, index) => makeCopy(folder, String(index)));

  // A test that fails anyway would kill every mutant.
  const broken: string[] = [];
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  await share(copies, tests, async (copy, test) => {
    const outcome = existsSync(join(copy, test)) ? await runTest(copy, test) : 'does not exist';
    if (outcome !== 'passed') broken.push(`${test} ${outcome} without any mutant (run it alone: node ${test})`);
  });
  for (const line of broken) console.log(line);
  if (broken.length > 0) return false;

  const counts: Record<Verdict, number> = { killed: 0, survived: 0, faulty: 0 };
  await share(copies, mutants, async (copy, mutant) => {
    const { verdict, reason } = await judge(copy, mutant);
    counts[verdict]++;
    console.log(`${verdict.padEnd(8)} ${mutant.name} (${mutant.in}): ${reason}`);
  });
  if (counts.faulty > 0) console.log(`${counts.faulty} mutants prove nothing: mend their text or remove them`);
  console.log(`${counts.killed} mutants killed, ${counts.survived} survived`);
  return counts.survived === 0 && counts.faulty === 0 && counts.killed > 0;
}

process.exit((await main(words)) ? 0 : 1);
