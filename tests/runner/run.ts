// npm test: runs every step, or what is named as arguments, prints a table, and ends with the line `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { onLauncherGone } from '../../common/launcher.ts';
import { fileStep } from './file-step.ts';
import { describeTime, readStepTimes } from './ledger.ts';
import { readSelection } from './selection.ts';
import { describeResults, isSkipped, runStep, type StepResult, totalOf } from './step.ts';
import { testSteps } from './steps.ts';

const checkout = dirname(dirname(import.meta.dirname));
process.chdir(checkout);
onLauncherGone(() => process.exit(1));

const all = testSteps(checkout);
const names = all.map(({ name }) => name);
const options = commandLine({
  name: 'npm test --',
  purpose:
    'Runs every check of the project, or only the steps and test files named. The last line counts what passed and failed.',
  words: '[STEP|FILE...]',
  options: { list: { help: 'list the steps with the time that each usually takes, and run nothing' } },
  notes: `STEP is one of ${names.join(', ')}.\nFILE is a test file, tests/…/x.test.ts.`,
  examples: ['npm test', 'npm test -- lint types', 'npm test -- tests/common/brands.test.ts'],
});
if (options.flag('list')) {
  const times = readStepTimes(readFileSync(join(checkout, 'docs', 'ledgers.md'), 'utf8'));
  for (const { name, title } of all)
    console.log(`${name.padEnd(14)}${describeTime(times.get(name)).padEnd(15)}${title}`);
  process.exit(0);
}
const { steps, files, faults } = readSelection(options.words, names, checkout);
if (faults.length > 0) {
  for (const fault of faults) console.error(fault);
  process.exit(2);
}

const wanted = [
  ...all.filter(({ name }) => options.words.length === 0 || steps.includes(name)),
  ...files.map((path) => fileStep(checkout, path)),
];
const results: StepResult[] = [];
for (const step of wanted) results.push(await runStep(step, console.log));

console.log(describeResults(results));
const { passed, failed } = totalOf(results);
if (results.every(isSkipped))
  console.log('nothing was checked: what was asked for cannot run on this machine, see above');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
