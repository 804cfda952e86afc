// A rule file as its text and where each part of it stands, so that checks can name lines and mutants can cut exactly there.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** Where a value stands in the text: offsets of its first character and of the one after its last. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Counted from 1. */
  readonly line: number;
}

export interface Rule {
  /** `alert` or `record`, with the name. */
  readonly type: 'alert' | 'record';
  readonly name: string;
  readonly line: number;
  readonly expr: Span;
  readonly wait: Span | undefined;
  readonly keepFiring: Span | undefined;
  readonly labels: Readonly<Record<string, Span>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface YamlFault {
  readonly line: number;
  readonly message: string;
}

export interface RuleFile {
  readonly text: string;
  readonly rules: readonly Rule[];
  /** What makes it no YAML, or no rule file. */
  readonly faults: readonly YamlFault[];
}

/** Never throws: what cannot be read is in `faults`, with its line. */
export function parseRuleFile(text: string): RuleFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const faults = document.errors.map(({ pos, message }) => ({
    line: lineOf(pos[0]),
    message: `not YAML: ${message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
  }));
  const rules: Rule[] = [];
  const groups = document.get('groups', true);
  if (faults.length === 0 && !isSeq(groups)) faults.push({ line: 1, message: 'no rule file: `groups:` is missing' });
  if (faults.length > 0 || !isSeq(groups)) return { text, rules, faults };
  for (const group of groups.items) {
    const items = isMap(group) ? group.get('rules', true) : undefined;
    if (!isSeq(items)) {
      faults.push({ line: lineAt(group), message: 'a group without `rules:`' });
      continue;
    }
    for (const item of items.items) {
      const rule = readRule(item);
      if (rule) rules.push(rule);
      else faults.push({ line: lineAt(item), message: 'a rule needs `record:` or `alert:`, and `expr:`' });
    }
  }
  return { text, rules, faults };

  function lineAt(node: unknown): number {
    const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
    return range ? lineOf(range[0]) : 1;
  }

  function readRule(item: unknown): Rule | undefined {
    if (!isMap(item)) return undefined;
    const alert = scalar(item.get('alert', true));
    const record = scalar(item.get('record', true));
    const name = alert ?? record;
    const expr = scalar(item.get('expr', true));
    if (!name || !expr) return undefined;
    const labels = item.get('labels', true);
    const entries = isMap(labels) ? labels.items : [];
    const annotations = resolve(item.get('annotations', true));
    return {
      type: alert ? 'alert' : 'record',
      name: name.text,
      line: name.line,
      expr,
      wait: scalar(item.get('for', true)),
      keepFiring: scalar(item.get('keep_firing_for', true)),
      labels: Object.fromEntries(entries.flatMap(({ key, value }) => pair(String(key), scalar(value)))),
      annotations: Object.fromEntries(
        isMap(annotations) ? annotations.items.flatMap(({ key, value }) => pair(String(key), scalar(value)?.text)) : [],
      ),
    };
  }

  /** Follows an alias (`*name`). */
  function resolve(node: unknown): unknown {
    return node && typeof node === 'object' && 'resolve' in node && typeof node.resolve === 'function'
      ? node.resolve(document)
      : node;
  }

  function scalar(node: unknown): Span | undefined {
    if (!isScalar(node) || !node.range) return undefined;
    const [start, end] = node.range;
    return { text: String(node.value), start, end, line: lineOf(start) };
  }
}

function pair<Value>(key: string, value: Value | undefined): readonly (readonly [string, Value])[] {
  return value === undefined ? [] : [[key, value]];
}
