// Derives mutants of a rule file from its text: each is the file with one judgement turned. Pure; running them is
// rule-mutants.ts. A mutant that no unit test notices means that nothing holds that part of the rule.
import { parseRuleFile, type Rule, type Span } from '../../engines/rules/rule-file.ts';

export interface Mutant {
  /** The alert or recording rule it lies in. */
  readonly rule: string;
  readonly line: number;
  /** What was turned into what, for people. */
  readonly change: string;
  /** The whole mutated file. */
  readonly text: string;
}

interface Turn {
  readonly pattern: RegExp;
  readonly to: (match: RegExpMatchArray) => string | undefined;
}

/** Applied to every place of every expression where the pattern matches outside label matchers and strings. */
const TURNS: readonly Turn[] = [
  { pattern: /(?<=\s)(>=|<=|>|<|==)(?=\s)(?! 0\))/g, to: ([operator = '']) => EDGE[operator] },
  { pattern: /\b(and|or|unless)\b/g, to: ([word = '']) => (word === 'and' ? 'or' : 'and') },
  { pattern: /\boffset (\d+)([mh])/g, to: ([, count, unit]) => `offset ${Number(count) * 2}${unit}` },
  { pattern: /\[(\d+)([mdh])\]/g, to: ([, count, unit]) => `[${Number(count) * 4}${unit}]` },
  { pattern: /\btopk\b/g, to: () => 'bottomk' },
  // A second exporter must not double a number; where only zero or not matters, one good one must be enough.
  { pattern: /\bmax(?= by | ?\()(?![^\n]*(?:== 0|> 0$))/gm, to: () => 'sum' },
  { pattern: /\bmax(?= by | ?\()(?=[^\n]*(?:== 0|> 0$))/gm, to: () => 'min' },
  { pattern: /\b(sum|count)(?= by | ?\()(?! by \(\w+, le\)| by \(le\))/g, to: () => 'max' },
  { pattern: /\b(abs|increase)(?=\()/g, to: ([name]) => (name === 'abs' ? '' : 'delta') },
  { pattern: /- 1$/gm, to: () => '+ 1' },
  { pattern: /\btime\(\) -/g, to: () => 'time() +' },
  { pattern: /(?<=\bvector\()[\d.]+/g, to: ([number]) => scaled(number, 1.25) },
  { pattern: /(?<=\bvector\()[\d.]+/g, to: ([number]) => scaled(number, 0.75) },
  { pattern: /(?<=\* 0 \+ )[\d.]+/g, to: ([number]) => scaled(number, 1.25) },
  { pattern: /(?<=\* 0 \+ )[\d.]+/g, to: ([number]) => scaled(number, 0.75) },
  { pattern: /(?<=[<>=] )\d[\d.]*(?![\d.]| \* (?:symbol|max))/g, to: ([number]) => scaled(number, 2) },
  { pattern: /(?<=[<>=] )\d[\d.]*(?![\d.]| \* (?:symbol|max))/g, to: ([number]) => scaled(number, 0.5) },
  { pattern: /\d[\d.]*(?= \* (?:symbol|max|1024))/g, to: ([number]) => String(Number(number) * 1.5) },
];

/** The neighbour that differs only at the very edge, which is where a threshold is tested. */
const EDGE: Readonly<Record<string, string>> = { '>=': '>', '<=': '<', '>': '>=', '<': '<=', '==': '!=' };
const INVERSE: Readonly<Record<string, string>> = { '>=': '<', '<=': '>', '>': '<', '<': '>' };

/** Comparisons of measured floats have no edge that a test could stand on: they are inverted instead. */
const NO_EDGE = /1e-9|stddev24h|histogram_quantile|increase|time\(\)|duration_seconds|count_over_time/;

/** A file that is no YAML yields no mutants: promtool says why elsewhere. */
export function mutate(text: string): readonly Mutant[] {
  return parseRuleFile(text).rules.flatMap((rule) => [...expressionMutants(text, rule), ...fieldMutants(text, rule)]);
}

function expressionMutants(text: string, rule: Rule): readonly Mutant[] {
  const source = text.slice(rule.expr.start, rule.expr.end);
  const visible = source
    .replace(/\{[^}]*\}/g, (matcher) => '_'.repeat(matcher.length))
    // Recorded series are aggregated already, and of one series every aggregation says the same.
    .replace(/\b(?:max|sum)(?=(?: by \(symbol\) )?\(\w+:|[^\n]*\n[^\n]*burst_split)/g, '___');
  // The heartbeat has no judgement: only that it is there, and its labels.
  if (source === 'vector(1)') return [];
  return TURNS.flatMap(({ pattern, to }) =>
    [...visible.matchAll(pattern)].flatMap((match) => {
      const [found] = match;
      const hasEdge = EDGE[found] === undefined || !NO_EDGE.test(visible);
      const replacement = hasEdge ? to(match) : INVERSE[found];
      if (replacement === undefined || replacement === found) return [];
      return [cut(text, rule, rule.expr.start + match.index, found, replacement)];
    }),
  );
}

function fieldMutants(text: string, rule: Rule): readonly Mutant[] {
  const { wait, keepFiring, labels } = rule;
  return [
    ...field(wait, (duration) => duration.replace(/\d+/, (count) => String(Number(count) * 3))),
    ...field(keepFiring, () => '0s'),
    ...field(labels.priority, (priority) => (priority === 'high' ? 'low' : 'high')),
    ...field(labels.tier, () => '2'),
  ];

  function field(span: Span | undefined, to: (value: string) => string): readonly Mutant[] {
    if (!span) return [];
    const found = text.slice(span.start, span.end);
    const replacement = found.replace(span.text, to(span.text));
    return [cut(text, rule, span.start, found, replacement)];
  }
}

function cut(text: string, rule: Rule, at: number, found: string, replacement: string): Mutant {
  return {
    rule: rule.name,
    line: text.slice(0, at).split('\n').length,
    change: `${found} → ${replacement || 'nothing'}`,
    text: text.slice(0, at) + replacement + text.slice(at + found.length),
  };
}

function scaled(number: string, factor: number): string | undefined {
  return Number(number) === 0 ? undefined : String(Number(number) * factor);
}
