// The rules as they stand in the files that Prometheus loads: parsed, and those of the market put in the order in which
// they need each other. Changes nothing in them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AppError, errorText } from '../common/errors.ts';
import { isList, isRecord, type JsonRecord } from '../common/json-shape.ts';
import { renderThresholds } from '../engines/rules/render-thresholds.ts';
import { isThresholdTable, readThresholdTable } from '../engines/rules/threshold-table.ts';
import { durationSeconds } from './duration.ts';

/** `evaluation_interval` of prometheus.yml, for a group without an interval of its own. */
const DEFAULT_INTERVAL_SECONDS = 15;
const THRESHOLDS = 'thresholds.yml';

export interface Rule {
  readonly type: 'record' | 'alert';
  readonly name: string;
  readonly expression: string;
  readonly intervalSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly forSeconds: number;
  readonly keepFiringForSeconds: number;
}

/**
 * The files of a folder, with another file in the place of its `thresholds.yml` where one is given.
 * @throws AppError BACKTEST_RULES_INVALID when the folder holds none
 */
export function ruleFiles(folder: string, thresholds: string | undefined): readonly string[] {
  const names = namesIn(folder).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) throw new AppError('BACKTEST_RULES_INVALID', `${folder} holds no rules (*.yml)`);
  const kept = names.filter((name) => thresholds === undefined || name !== THRESHOLDS);
  return [...kept.sort().map((name) => join(folder, name)), ...(thresholds === undefined ? [] : [thresholds])];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new AppError('BACKTEST_RULES_INVALID', `${folder} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/** @throws AppError BACKTEST_RULES_INVALID naming the file when one cannot be read or holds no rules. */
export function readRules(files: readonly string[]): readonly Rule[] {
  return files.flatMap((file) => {
    const content = readYaml(file);
    const groups = isRecord(content) && isList(content.groups) ? content.groups.filter(isRecord) : undefined;
    if (!groups) throw new AppError('BACKTEST_RULES_INVALID', `${file} holds no rule groups`);
    return groups.flatMap((group) => readGroup(group, file));
  });
}

function readYaml(file: string): unknown {
  try {
    const content: unknown = parse(asRules(readFileSync(file, 'utf8')), { merge: true });
    return content;
  } catch (error) {
    throw new AppError('BACKTEST_RULES_INVALID', `${file}: ${errorText(error)}`, { cause: error });
  }
}

/** A table of thresholds is rendered; a faulty one is no rule file, and is refused as one. */
function asRules(text: string): string {
  const { table } = isThresholdTable(text) ? readThresholdTable(text) : { table: undefined };
  return table === undefined ? text : renderThresholds(table, text);
}

function readGroup(group: JsonRecord, file: string): readonly Rule[] {
  const intervalSeconds = durationSeconds(group.interval) ?? DEFAULT_INTERVAL_SECONDS;
  const rules = isList(group.rules) ? group.rules.filter(isRecord) : [];
  return rules.map((rule) => {
    const name = rule.alert ?? rule.record;
    if (typeof name !== 'string' || rule.expr === undefined) {
      throw new AppError('BACKTEST_RULES_INVALID', `${file}: a rule without a name or expression`);
    }
    return {
      type: rule.alert === undefined ? 'record' : 'alert',
      name,
      expression: String(rule.expr),
      intervalSeconds,
      labels: texts(rule.labels),
      annotations: texts(rule.annotations),
      forSeconds: durationSeconds(rule.for) ?? 0,
      keepFiringForSeconds: durationSeconds(rule.keep_firing_for) ?? 0,
    };
  });
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
