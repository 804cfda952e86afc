// npm test: runs every step, or those named as arguments, prints a table, and ends with the line `N passed, N failed`.
import { dirname } from 'node:path';
import { onLauncherGone } from '../../common/launcher.ts';
import { describeResults, runStep, type StepResult } from './step.ts';
import { testSteps } from './steps.ts';

const checkout = dirname(dirname(import.meta.dirname));
process.chdir(checkout);
onLauncherGone(() => process.exit(1));

const all = testSteps(checkout);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}. Steps are ${all.map((step) => step.name).join(', ')}`);
  process.exit(1);
}

const results: StepResult[] = [];
for (const step of all) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  results.push(await runStep(step, console.log));
}

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(describeResults(results));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
