// The shipped rules with every time in them divided: `for`, `keep_firing_for`, the groups' intervals, ranges and offsets, and
// seconds that an expression compares with `time()`. Thresholds stay. What takes ten minutes in life takes one in a drill;
// that the true times are right is what the unit tests of the rules say.
import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** No group is evaluated more often, so that a small machine keeps up. */
const LEAST_INTERVAL_MS = 500;
/** A range shorter than this would hold fewer than two scrapes of one second. */
const LEAST_RANGE_MS = 3_000;

/** @throws Error where the file is no rule file, or a duration in it is none */
export function shortenRules(text: string, divisor: number): string {
  const document: Document = parseDocument(text);
  const groups = document.get('groups');
  if (!isSeq(groups)) throw new Error('a rule file has groups');
  for (const group of groups.items) {
    if (!isMap(group)) continue;
    change(group, 'interval', (value) => divideDuration(value, divisor, LEAST_INTERVAL_MS));
    const rules = group.get('rules');
    for (const rule of isSeq(rules) ? rules.items : []) {
      if (!isMap(rule)) continue;
      for (const key of ['for', 'keep_firing_for'])
        change(rule, key, (value) => divideDuration(value, divisor, LEAST_INTERVAL_MS));
      change(rule, 'expr', (value) => shortenExpression(value, divisor));
    }
  }
  return document.toString();
}

export function shortenExpression(expr: string, divisor: number): string {
  const ranges = expr
    .replace(/\[(\w+)\]/g, (_, range: string) => `[${divideDuration(range, divisor, LEAST_RANGE_MS)}]`)
    .replace(/\boffset (\w+)/g, (_, offset: string) => `offset ${divideDuration(offset, divisor, LEAST_INTERVAL_MS)}`);
  // `> 60` beside `time()` is an age; `> 0` says that there is a timestamp at all.
  return ranges.includes('time()')
    ? ranges.replace(/([<>%]) (\d+)\b/g, (_, operator: string, seconds: string) => {
        return `${operator} ${Number(seconds) / divisor}`;
      })
    : ranges;
}

function divideDuration(text: string, divisor: number, leastMs: number): string {
  const [, count, unit = ''] = /^(\d+)(ms|[smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (count === undefined || unitMs === undefined) throw new Error(`${text} is no duration that a drill knows`);
  return `${Math.max(leastMs, Math.round((Number(count) * unitMs) / divisor))}ms`;
}

function change(map: YAMLMap, key: string, turn: (value: string) => string): void {
  const node = map.get(key, true);
  if (isScalar(node)) node.value = turn(String(node.value));
}
