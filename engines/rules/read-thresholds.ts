// Rules that somebody edited before there was a table: their numbers are read out of them, or it is said where that cannot be
// done. Nothing is lost unseen: what was read must render to the very rules that were there. Pure.

import { renderThresholds } from './render-thresholds.ts';
import { parseRuleFile, type Rule } from './rule-file.ts';
import { type CheckResult, checkThresholds } from './threshold-check.ts';
import { LOADED_NAME, MARKET_KINDS, SYMBOL_KINDS, THRESHOLD_NAMES } from './threshold-names.ts';
import type { Thresholds, ThresholdTable } from './threshold-table.ts';
import { writeThresholdTable } from './write-table.ts';

export interface ThresholdsRead {
  /** `undefined` where the rules say what no table can say. */
  readonly table: ThresholdTable | undefined;
  readonly faults: readonly CheckResult[];
}

const VALUE = /(?<=\bvector\(|\* 0 \+ )-?[\d.]+(?:e\d+)?(?=\))/i;

/** @param text a threshold file as it was before there was a table */
export function readThresholdRules(text: string): ThresholdsRead {
  const faults = checkThresholds(text);
  if (faults.length > 0) return { table: undefined, faults };
  const { rules } = parseRuleFile(text);
  const table = {
    symbols: [...new Set(rules.flatMap(({ labels }) => labels.symbol?.text ?? []))].map(
      (symbol) => [symbol, valuesOf(rules, SYMBOL_KINDS, ({ labels }) => labels.symbol?.text === symbol)] as const,
    ),
    default: valuesOf(rules, SYMBOL_KINDS, ({ labels }) => labels.block?.text === 'default'),
    market: valuesOf(rules, MARKET_KINDS, ({ name }) => name.startsWith('market:')),
  };
  const rendered = parseRuleFile(renderThresholds(table, writeThresholdTable(table))).rules;
  const known = new Set(rendered.map(meaningOf));
  const lost = rules.filter((rule) => rule.name !== LOADED_NAME && !known.has(meaningOf(rule)));
  if (lost.length === 0) return { table, faults: [] };
  return {
    table: undefined,
    faults: lost.map(({ name, line }) => ({ line, message: `${name}: a table cannot say what this rule says` })),
  };
}

function valuesOf(
  rules: readonly Rule[],
  kinds: Readonly<Record<string, unknown>>,
  isWanted: (rule: Rule) => boolean,
): Thresholds {
  const wanted = rules.filter((rule) => THRESHOLD_NAMES.includes(rule.name) && isWanted(rule));
  return Object.fromEntries(
    Object.keys(kinds).map((kind) => {
      const rule = wanted.find(({ name }) => name.split(':')[1] === kind);
      return [kind, Number(VALUE.exec(rule?.expr.text ?? '')?.[0])];
    }),
  );
}

/** Spelled in one way only: blanks, and how a number is written, make no difference. */
function meaningOf({ name, labels, expr }: Rule): string {
  const pairs = Object.entries(labels).map(([label, { text }]) => `${label}=${text}`);
  const expression = expr.text.replace(VALUE, (value) => String(Number(value))).replace(/\s+/g, '');
  return `${name} ${pairs.sort().join()} ${expression}`;
}
