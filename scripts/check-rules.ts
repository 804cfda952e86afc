// `npm run check:rules [FILE...]`: says in plain words what is wrong with the rules and the engines' configuration before
// anything is reloaded. First our own look at threshold files, then the engines' own word. Ends with 1 on any fault.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errorText } from '../common/errors.ts';
import { type Engines, findEngines } from './native/engines.ts';
import { askEngine } from './rules/engine-check.ts';
import { parseRuleFile } from './rules/rule-file.ts';
import { checkThresholds } from './rules/threshold-check.ts';

const CHECKOUT = join(import.meta.dirname, '..');

/** Everything that is delivered and a person may have edited. */
function deliveredRuleFiles(): readonly string[] {
  const folder = join(CHECKOUT, 'prometheus', 'rules');
  const rules = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return [...rules.map((name) => join(folder, name)), join(CHECKOUT, 'prometheus', 'thresholds.quiet.yml')];
}

/** One line per fault: `file:line: what is wrong and how to mend it`. */
async function checkRuleFile(engines: Engines, path: string): Promise<readonly string[]> {
  const name = relative(process.cwd(), path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return [`${name}: cannot be read (${errorText(error)})`];
  }
  const isThresholds = basename(path).startsWith('thresholds');
  const findings = isThresholds ? checkThresholds(text) : parseRuleFile(text).faults;
  // A file that we cannot read promtool cannot either, and its words for it are worse.
  if (findings.length > 0) return findings.map(({ line, message }) => `${name}:${line}: ${message}`);
  return (await askEngine(engines.promtool, ['check', 'rules', path])).map((line) =>
    line.startsWith(path) ? line.replace(path, name) : `${name}: ${line}`,
  );
}

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

const given = process.argv.slice(2);
const engines = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: console.log });
const files = given.length > 0 ? given : deliveredRuleFiles();
const faults: string[] = [];
for (const file of files) faults.push(...(await checkRuleFile(engines, file)));
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
