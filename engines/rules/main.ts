// `npm run check:rules`: says in plain words what is wrong with the rules and the engines' configuration before
// anything is reloaded. First our own look at threshold files, then the engines' own word. Ends with 1 on any fault.
import { join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { type Engines, findEngines } from '../find-engines.ts';
import { checkLoadedRules, checkRuleFile, ruleFilesIn } from './check-files.ts';
import { askEngine } from './engine-check.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..');

const RULES = join(CHECKOUT, 'prometheus', 'rules');
const QUIET = join(CHECKOUT, 'prometheus', 'thresholds.quiet.yml');

async function checkConfiguration({ promtool, amtool }: Engines): Promise<readonly string[]> {
  const prometheus = join('prometheus', 'prometheus.yml');
  const alertmanager = join('alertmanager', 'alertmanager.yml');
  const faults = [
    ...(await askEngine(promtool, ['check', 'config', '--syntax-only', join(CHECKOUT, prometheus)])).map(
      (line) => `${prometheus}: ${line}`,
    ),
    ...(await askEngine(amtool, ['check-config', join(CHECKOUT, alertmanager)])).map(
      (line) => `${alertmanager}: ${line}`,
    ),
  ];
  return faults;
}

const { words: given } = commandLine({
  name: 'npm run check:rules --',
  purpose: `Says in plain words what is wrong with rule files before anything is reloaded. Without a name: with everything that is
delivered and a person may have edited. Ends with 1 on any fault.`,
  words: '[FILE...]',
  examples: ['npm run check:rules', 'npm run check:rules -- prometheus/rules/thresholds.yml'],
});
const engines = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: console.log });
// Without a name: everything that is delivered and a person may have edited.
const loaded = given.length > 0 ? [] : ruleFilesIn(RULES);
const files = given.length > 0 ? given : [...loaded, QUIET];
const faults = [...(await checkLoadedRules(engines.promtool, loaded))];
for (const file of files.slice(loaded.length)) faults.push(...(await checkRuleFile(engines.promtool, file)));
if (given.length === 0) faults.push(...(await checkConfiguration(engines)));
for (const fault of faults) console.log(fault);
if (faults.length > 0) {
  console.log(
    `${faults.length === 1 ? '1 fault' : `${faults.length} faults`}: nothing was reloaded; what runs keeps the rules it has`,
  );
  process.exitCode = 1;
} else {
  console.log(`${files.length} rule files${given.length > 0 ? '' : ', Prometheus and Alertmanager'}: no fault found`);
}
