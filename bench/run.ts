// npm run bench: every benchmark in fresh processes, medians, a table with targets, bench/results.json.
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { compareResults } from './compare.ts';
import { writeDocument } from './document.ts';
import type { FigureName } from './figures.ts';
import { describeBusyness, describeHost } from './host.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { choosePrograms, type ProgramPlan } from './plan.ts';
import { type Reading, runProgram } from './program.ts';
import { type Measured, type Result, readResults, resultOf, writeResults } from './results.ts';
import { describeChanges, describeResults } from './table.ts';

const checkout = dirname(import.meta.dirname);
const resultsPath = join(checkout, 'bench', 'results.json');

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const before = options.compareWith === undefined ? undefined : readResults(options.compareWith);
  const { programs, unknown } = choosePrograms(options.only);
  if (unknown.length > 0)
    throw new AppError('BENCH_USAGE', `no figure or program is called ${unknown.join(', ')}\n${USAGE}`);

  const facts = {
    host: describeHost(),
    command: `npm run bench${options.isQuick ? ' -- --quick' : ''}`,
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
    const measured = await measure(plan, options);
    console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
    for (const [name, figure] of measured) results.push(resultOf(name, figure));
  }
  console.log(`\n${describeResults(results)}`);
  if (before) console.log(`\n${describeChanges(compareResults(before, results))}`);
  // A part must not take the place of the whole.
  if (options.only.length > 0) return;
  writeResults(resultsPath, results);
  console.log(`\nwritten: ${resultsPath}`);
  if (options.isDocumented) writeDocument(join(checkout, 'docs', 'performance.md'), results, facts);
}

async function measure(plan: ProgramPlan, options: BenchOptions): Promise<ReadonlyMap<FigureName, Measured>> {
  const readings: Reading[] = [];
  const args = [...(options.isQuick ? ['--quick'] : []), ...(options.areIntervalsTried ? ['--intervals'] : [])];
  for (let repeat = 0; repeat < (options.isQuick ? 1 : plan.repeats); repeat += 1) {
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
  process.exitCode = 1;
}
