// The table of thresholds that a trader edits: its text becomes numbers, and every fault in it one sentence with its line.
// Pure. Table: a block of numbers for each symbol, one named `default` and one named `market`.
import { isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { canonicalBase } from '../../common/canonical-symbols.ts';
import type { CheckResult } from './threshold-check.ts';
import { MARKET_KINDS, readTableValue, SYMBOL_KINDS, type ThresholdKind, tableKey } from './threshold-names.ts';

/** By the names and in the units of the rules: `oi_change_ratio` is 0.15. */
export type Thresholds = Readonly<Record<string, number>>;

export interface ThresholdTable {
  /** In the order of the file. */
  readonly symbols: readonly (readonly [symbol: string, thresholds: Thresholds])[];
  readonly default: Thresholds;
  readonly market: Thresholds;
}

export interface TableReading {
  /** `undefined` where there is a fault. */
  readonly table: ThresholdTable | undefined;
  readonly faults: readonly CheckResult[];
}

const DEFAULT = 'default';
const MARKET = 'market';

/** Whether a file of any name is a table and no rule file: by its two blocks that no other file has. */
export function isThresholdTable(text: string): boolean {
  return !isRuleFile(text) && /^(default|market)\s*:/m.test(text);
}

/** Rules have groups; a table never has. */
export function isRuleFile(text: string): boolean {
  return /^\s*\{?\s*"?groups"?\s*:/m.test(text);
}

/** Never throws; `faults` are in the order of the file. */
export function readThresholdTable(text: string): TableReading {
  const faults: CheckResult[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, uniqueKeys: false });
  for (const { code, pos, message } of document.errors) {
    const words = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '');
    const mend =
      code === 'TAB_AS_INDENT' ? 'the line begins with a tab: write two spaces instead' : `not YAML: ${words}`;
    fault(lines.linePos(pos[0]).line, mend);
  }
  if (faults.length > 0) return { table: undefined, faults };
  if (isRuleFile(text)) {
    fault(1, 'these are rules, and no table: rules stand in prometheus/rules/');
    return { table: undefined, faults };
  }
  if (!isMap(document.contents)) {
    fault(1, 'no table: write a block for each symbol, one named default and one named market');
    return { table: undefined, faults };
  }

  const blocks = new Map<string, Thresholds>();
  eachOnce(document.contents.items, '', (name, line, value) => {
    const misfit = misfitOf(name);
    if (misfit !== undefined) fault(line, misfit);
    else blocks.set(name, readBlock(name, line, value));
  });
  for (const name of [DEFAULT, MARKET]) {
    if (!blocks.has(name)) fault(1, `${name} is missing: copy its block from prometheus/thresholds.quiet.yml`);
  }
  if (faults.length > 0) return { table: undefined, faults: faults.toSorted((one, other) => one.line - other.line) };
  const symbols = [...blocks].filter(([name]) => name !== DEFAULT && name !== MARKET);
  return { table: { symbols, default: blocks.get(DEFAULT) ?? {}, market: blocks.get(MARKET) ?? {} }, faults };

  function fault(line: number, message: string): void {
    faults.push({ line, message });
  }

  function readBlock(name: string, line: number, value: unknown): Thresholds {
    const kinds = name === MARKET ? MARKET_KINDS : SYMBOL_KINDS;
    const thresholds: Record<string, number> = {};
    if (!isMap(value)) {
      fault(line, `${name} has no numbers below it: indent its lines by two spaces`);
      return thresholds;
    }
    const present = new Set<string>();
    eachOnce(value.items, `${name} `, (key, lineOfKey, node) => {
      present.add(key);
      const kind = Object.keys(kinds).find((known) => tableKey(known) === key);
      const bounds = kind === undefined ? undefined : kinds[kind];
      if (kind === undefined || bounds === undefined) {
        const known = Object.keys(kinds).map(tableKey).join(', ');
        fault(lineOfKey, `${name}: unknown name ${key}: ${blockOf(name)} knows ${known}`);
        return;
      }
      const read = readValue(kind, bounds, node);
      if (typeof read === 'number') thresholds[kind] = read;
      else fault(lineOfKey, `${name} ${key}: ${read}`);
    });
    for (const key of Object.keys(kinds).map(tableKey)) {
      if (!present.has(key)) fault(line, `${name} ${key} is missing: copy its line from another block`);
    }
    return thresholds;
  }

  /** Calls for every entry whose name was not there before. */
  function eachOnce(
    items: readonly Pair[],
    prefix: string,
    visit: (name: string, line: number, value: unknown) => void,
  ): void {
    const first = new Map<string, number>();
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : '';
      const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : 1;
      const known = first.get(name);
      if (known !== undefined) {
        fault(line, `${prefix}${name} is there twice, first on line ${known}: remove one of them`);
        continue;
      }
      first.set(name, line);
      visit(name, line, value);
    }
  }
}

/** In the units of the rules, or what is wrong with it. */
function readValue(name: string, kind: ThresholdKind, node: unknown): number | string {
  if (!isScalar(node)) return 'write one number and nothing below it';
  if (node.value === null) return 'the number is missing: write it after the colon';
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') {
    return `${JSON.stringify(node.value)} stands in quotes: write the number without them`;
  }
  return readTableValue(name, kind, node.source ?? String(node.value));
}

/** Why a block may not be called so; `undefined` for a coin as messages call it, `default` and `market`. */
function misfitOf(name: string): string | undefined {
  if (name === DEFAULT || name === MARKET) return undefined;
  const kinds = [...Object.keys(SYMBOL_KINDS), ...Object.keys(MARKET_KINDS)].map(tableKey);
  if (kinds.includes(name)) return `${name} belongs to no block: indent it by two spaces below its symbol`;
  const contract = /^(.{2,})USD[CT]?$/.exec(name)?.[1];
  if (contract !== undefined) return `${name} is a contract: write its base asset, ${contract}`;
  if (!/^[A-Z0-9]+$/.test(name)) {
    return `${JSON.stringify(name)} is no symbol: write the base asset in capitals, for example DOGE, or default or market`;
  }
  const coin = canonicalBase(name)?.symbol;
  return coin === undefined || coin === name ? undefined : `${name} is told as ${coin}: write ${coin}`;
}

function blockOf(name: string): string {
  if (name === MARKET) return 'the block of the whole market';
  return name === DEFAULT ? 'the default block' : 'the block of a symbol';
}
