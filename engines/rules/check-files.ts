// Rule files as they stand on disk: first our own look, in a trader's words, then promtool's. `npm run check:rules` prints
// what is found; `npm run reload` applies nothing and `npm start` starts nothing while there is anything.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errorText } from '../../common/errors.ts';
import { askEngine } from './engine-check.ts';
import { parseRuleFile, type Rule } from './rule-file.ts';
import { checkRulesOfAnyFile, checkThresholds } from './threshold-check.ts';

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
  if (faults.length > 0) return faults;
  return (await askEngine(promtool, ['check', 'rules', path])).map((line) =>
    line.startsWith(path) ? line.replace(path, name) : `${name}: ${line}`,
  );
}

/** Every file by itself, and what two of them say of the same thing: Prometheus loads them all and takes now one, now the other. */
export async function checkLoadedRules(promtool: string, paths: readonly string[]): Promise<readonly string[]> {
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
  const isThresholds = basename(path).startsWith('thresholds');
  const findings = isThresholds ? checkThresholds(text) : checkRulesOfAnyFile(text);
  return findings.map(({ line, message }) => `${shown(path)}:${line}: ${message}`);
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
