// npm run bench: every benchmark in fresh processes, medians, a table with targets, bench/results.json.
import { dirname, join } from 'node:path';
import { commandLine, usageError } from '../common/command-line.ts';
import { AppError } from '../common/errors.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { compareResults } from './compare.ts';
import { writeDocument } from './document.ts';
import type { FigureName } from './figures.ts';
import { describeBusyness, describeHost } from './host.ts';
import { choosePrograms, PLAN, type ProgramPlan } from './plan.ts';
import { type Reading, runProgram } from './program.ts';
import { type Measured, type Result, readResults, resultOf, writeResults } from './results.ts';
import { describeChanges, describeResults } from './table.ts';

const checkout = dirname(import.meta.dirname);
const resultsPath = join(checkout, 'bench', 'results.json');

const COMMAND = {
  name: 'npm run bench --',
  purpose: 'Every benchmark in a fresh process: a table with targets, and bench/results.json.',
  options: {
    quick: { help: 'a shorter look at everything, under two minutes' },
    only: {
      value: 'NAME',
      isRepeatable: true,
      help: `one figure, or one program with all its figures:\n${namesOfPrograms()}`,
    },
    compare: { value: 'FILE', help: 'show what changed beyond noise against an earlier bench/results.json' },
    intervals: { help: 'with --only latency: 250 ms, 500 ms and 1 s, and the price of each' },
    document: { help: 'put the figures into docs/performance.md' },
  },
  examples: ['npm run bench -- --quick', 'npm run bench -- --only latency --compare old.json'],
} as const;
const options = commandLine(COMMAND);
const isQuick = options.flag('quick');
const only = options.texts('only');

async function main(): Promise<void> {
  const compareWith = options.text('compare');
  const before = compareWith === undefined ? undefined : readResults(compareWith);
  const { programs, unknown } = choosePrograms(only);
  if (unknown.length > 0) throw usageError(COMMAND, `no figure or program is called ${unknown.join(', ')}`);

  const facts = {
    host: describeHost(),
    command: `npm run bench${isQuick ? ' -- --quick' : ''}`,
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    warning: describeBusyness(),
  };
  const { warning } = facts;
  console.log(`${facts.host}\n${facts.date}  ${facts.command}`);
  if (warning) console.log(`! ${warning}`);
  await bundleServices(checkout);
  const results: Result[] = [];
  for (const plan of programs) {
    const startedMs = performance.now();
    process.stdout.write(`${plan.program} … `);
    const measured = await measure(plan);
    console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
    for (const [name, figure] of measured) results.push(resultOf(name, figure));
  }
  console.log(`\n${describeResults(results)}`);
  if (before) console.log(`\n${describeChanges(compareResults(before, results))}`);
  // A part must not take the place of the whole.
  if (only.length > 0) return;
  writeResults(resultsPath, results);
  console.log(`\nwritten: ${resultsPath}`);
  if (options.flag('document')) writeDocument(join(checkout, 'docs', 'performance.md'), results, facts);
}

function namesOfPrograms(): string {
  return PLAN.map(({ program }) => program)
    .join(', ')
    .replace(/(.{60}\S*) /g, '$1\n');
}

async function measure(plan: ProgramPlan): Promise<ReadonlyMap<FigureName, Measured>> {
  const readings: Reading[] = [];
  const args = [...(isQuick ? ['--quick'] : []), ...(options.flag('intervals') ? ['--intervals'] : [])];
  for (let repeat = 0; repeat < (isQuick ? 1 : plan.repeats); repeat += 1) {
    readings.push(...(await runProgram({ ...plan, args })));
  }
  const reason = readings.find((reading) => reading.type === 'skip')?.reason;
  return new Map(
    plan.figures.map((name) => {
      const own = readings.filter((reading) => reading.type === 'figure' && reading.name === name);
      const figures = own.filter((reading) => reading.type === 'figure');
      return [name, { runs: figures.map(({ value }) => value), reason, note: figures[0]?.note }];
    }),
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  process.exitCode = error.code === 'USAGE' ? 2 : 1;
}
