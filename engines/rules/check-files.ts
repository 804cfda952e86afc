// Rule files as they stand on disk: first our own look, in a trader's words, then promtool's. `npm run check:rules` prints
// what is found; `npm run reload` applies nothing and `npm start` starts nothing while there is anything.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errorText } from '../../common/errors.ts';
import { askEngine } from './engine-check.ts';
import { parseRuleFile, type Rule } from './rule-file.ts';
import { bringTableIntoForce } from './table-in-force.ts';
import { type CheckResult, checkRulesOfAnyFile, checkThresholds } from './threshold-check.ts';
import { isRuleFile, isThresholdTable, readThresholdTable } from './threshold-table.ts';

export interface PreparedRules {
  readonly files: readonly string[];
  readonly faults: readonly string[];
  /** What was done to the files, one sentence each. */
  readonly said: readonly string[];
}

/**
 * Renders the table of thresholds where that is wanted, then checks every file that Prometheus loads.
 * @param folder `prometheus`
 */
export async function prepareRules(promtool: string, folder: string): Promise<PreparedRules> {
  const { faults, said } = bringTableIntoForce(folder);
  const files = ruleFilesIn(join(folder, 'rules'));
  return { files, said, faults: faults.length > 0 ? faults : await checkLoadedRules(promtool, files) };
}

/** The files of a folder that Prometheus loads. */
export function ruleFilesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name));
}

/** Of files without a fault. */
export function countRules(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + parseRuleFile(readFileSync(path, 'utf8')).rules.length, 0);
}

/** One line per fault: `file:line: what is wrong and how to mend it`. Empty when all is well. */
export async function checkRuleFile(promtool: string, path: string): Promise<readonly string[]> {
  const name = shown(path);
  const faults = lookAtFile(path);
  // A file that we cannot read promtool cannot either, and its words for it are worse.
  if (faults.length > 0 || isTable(path, readFileSync(path, 'utf8'))) return faults;
  return (await askEngine(promtool, ['check', 'rules', path])).map((line) =>
    line.startsWith(path) ? line.replace(path, name) : `${name}: ${line}`,
  );
}

/** Every file by itself, and what two of them say of the same thing: Prometheus loads them all and takes now one, now the other. */
async function checkLoadedRules(promtool: string, paths: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const path of paths) faults.push(...(await checkRuleFile(promtool, path)));
  return faults.length > 0 ? faults : findRecordedTwice(paths);
}

/** Our own look at every file, where no promtool is at hand. */
export function lookAtRules(paths: readonly string[]): readonly string[] {
  const faults = paths.flatMap(lookAtFile);
  return faults.length > 0 ? faults : findRecordedTwice(paths);
}

function lookAtFile(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return [`${shown(path)}: cannot be read (${errorText(error)})`];
  }
  return findFaults(path, text).map(({ line, message }) => `${shown(path)}:${line}: ${message}`);
}

function findFaults(path: string, text: string): readonly CheckResult[] {
  if (isTable(path, text)) return readThresholdTable(text).faults;
  return isThresholds(path) ? checkThresholds(text) : checkRulesOfAnyFile(text);
}

/** A file of thresholds that are no rules. Prometheus never loads it. */
function isTable(path: string, text: string): boolean {
  return isThresholdTable(text) || (isThresholds(path) && !isRuleFile(text));
}

function isThresholds(path: string): boolean {
  return basename(path).startsWith('thresholds');
}

function findRecordedTwice(paths: readonly string[]): readonly string[] {
  const first = new Map<string, string>();
  const faults: string[] = [];
  for (const path of paths) {
    for (const rule of parseRuleFile(readFileSync(path, 'utf8')).rules) {
      if (rule.type !== 'record') continue;
      const series = seriesOf(rule);
      const known = first.get(series);
      if (known === undefined) first.set(series, `${shown(path)}:${rule.line}`);
      else faults.push(`${shown(path)}:${rule.line}: ${series} is there twice, first in ${known}: remove one of them`);
    }
  }
  return faults;
}

function seriesOf({ name, labels }: Rule): string {
  const pairs = Object.entries(labels).map(([label, { text }]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.sort().join(', ')}}`;
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
