// `npm run check:rules [FILE...]`: says in plain words what is wrong with the rules and the engines' configuration before
// anything is reloaded. First the table of thresholds, from which rules are rendered; then our own look at the rules; then the
// engines' own word. Ends with 1 on any fault.
import { join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { type Engines, findEngines } from '../find-engines.ts';
import { checkRuleFile, prepareRules } from './check-files.ts';
import { askEngine } from './engine-check.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..');

const PROMETHEUS = join(CHECKOUT, 'prometheus');
const QUIET = join(PROMETHEUS, 'thresholds.quiet.yml');

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
const prepared = given.length > 0 ? undefined : await prepareRules(engines.promtool, PROMETHEUS);
for (const line of prepared?.said ?? []) console.log(line);
const named = prepared ? [QUIET] : given;
const files = [...(prepared?.files ?? []), ...named];
const faults = [...(prepared?.faults ?? [])];
for (const file of named) faults.push(...(await checkRuleFile(engines.promtool, file)));
if (prepared) faults.push(...(await checkConfiguration(engines)));
for (const fault of faults) console.log(fault);
if (faults.length > 0) {
  console.log(
    `${faults.length === 1 ? '1 fault' : `${faults.length} faults`}: nothing was reloaded; what runs keeps the rules it has`,
  );
  process.exitCode = 1;
} else {
  console.log(`${files.length} rule files${given.length > 0 ? '' : ', Prometheus and Alertmanager'}: no fault found`);
}
