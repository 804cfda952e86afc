// Says in a trader's words what is wrong with thresholds that stand as rules: in a file of a user's own, or in one from before
// there was a table. Pure: text in, findings out. Whether the PromQL is right is promtool's word.
import { canonicalBase } from '../../common/canonical-symbols.ts';
import { parseRuleFile, type Rule, type Span } from './rule-file.ts';
import {
  judgeThreshold,
  LOADED_NAME,
  MARKET_KINDS,
  SYMBOL_KINDS,
  THRESHOLD_NAMES,
  WATCHED_NAME,
} from './threshold-names.ts';

export interface CheckResult {
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** Empty when the file is sound; otherwise one finding per fault, in the order of the file. */
export function checkThresholds(text: string): readonly CheckResult[] {
  const { rules, faults } = parseRuleFile(text);
  if (faults.length > 0) return faults;
  return inOrder([...rules.flatMap(checkRule), ...findDuplicates(rules), ...findMissing(rules)]);
}

/**
 * The same for a file of any name: a copy of the threshold file is looked at as a whole; of any other file only the
 * thresholds that it records are, and none is missing, since Prometheus loads it beside the rest.
 */
export function checkRulesOfAnyFile(text: string): readonly CheckResult[] {
  const { rules, faults } = parseRuleFile(text);
  if (faults.length > 0) return faults;
  if (rules.some(({ name }) => name === WATCHED_NAME)) return checkThresholds(text);
  const thresholds = rules.filter(({ name }) => THRESHOLD_NAMES.includes(name));
  return inOrder([...thresholds.flatMap(checkRule), ...findDuplicates(thresholds)]);
}

function inOrder(findings: readonly CheckResult[]): readonly CheckResult[] {
  return findings.toSorted((one, other) => one.line - other.line);
}

function checkRule(rule: Rule): readonly CheckResult[] {
  const [level = '', kind = ''] = rule.name.split(':');
  if (rule.name === WATCHED_NAME || rule.name === LOADED_NAME) return [];
  if (!THRESHOLD_NAMES.includes(rule.name)) {
    return [{ line: rule.line, message: `unknown name ${rule.name}: this file knows ${THRESHOLD_NAMES.join(', ')}` }];
  }
  if (level === 'market') return checkValue(rule, /^vector\((.*)\)$/s, MARKET_KINDS[kind]);
  if (rule.labels.block?.text === 'default') {
    const findings = checkValue(rule, /\* 0 \+ ([^)]*)\)/, SYMBOL_KINDS[kind]);
    return [...findings, ...checkOwnFirst(rule)];
  }
  return [...checkSymbol(rule, kind), ...checkValue(rule, /or vector\((.*)\)$/s, SYMBOL_KINDS[kind])];
}

function checkValue(
  rule: Rule,
  pattern: RegExp,
  kind: (typeof SYMBOL_KINDS)[string] | undefined,
): readonly CheckResult[] {
  const value = pattern.exec(rule.expr.text.trim())?.[1];
  if (kind === undefined) return [];
  if (value === undefined) {
    return [
      { line: rule.expr.line, message: `${title(rule)}: the number is missing; copy this line from another block` },
    ];
  }
  const fault = judgeThreshold(kind, value);
  return fault === undefined ? [] : [{ line: rule.expr.line, message: `${title(rule)}: ${fault}` }];
}

/** Without it a symbol with a block of its own would have two values, and every alert would fail on that. */
function checkOwnFirst(rule: Rule): readonly CheckResult[] {
  const ending = `unless on (symbol) ${rule.name}{block="own"}`;
  if (rule.expr.text.trim().endsWith(ending)) return [];
  return [{ line: rule.expr.line, message: `${title(rule)}: a block of a symbol must win; end it with ${ending}` }];
}

/** The symbol stands three times in each rule; a copied block in which one was forgotten would judge the wrong market. */
function checkSymbol(rule: Rule, kind: string): readonly CheckResult[] {
  const symbol = rule.labels.symbol;
  const line = symbol?.line ?? rule.line;
  if (!isAsset(symbol)) {
    return [
      {
        line,
        message: `${title(rule)}: write the base asset in capitals, for example labels: { symbol: DOGE, block: own }`,
      },
    ];
  }
  const findings: CheckResult[] = [];
  const coin = canonicalBase(symbol.text)?.symbol;
  if (coin !== undefined && coin !== symbol.text) {
    findings.push({
      line,
      message: `${title(rule)}: ${symbol.text} is told as ${coin}; write ${coin} in all its places`,
    });
  }
  if (rule.labels.block?.text !== 'own') {
    findings.push({
      line,
      message: `${title(rule)}: \`block: own\` is missing; write labels: { symbol: ${symbol.text}, block: own }`,
    });
  }
  const override = /^max\(derivatives_threshold_override\{symbol="([^"]*)", *kind="([^"]*)"\}\)/.exec(
    rule.expr.text.trim(),
  );
  if (!override) {
    findings.push({
      line: rule.expr.line,
      message: `${title(rule)}: the environment could not override this; begin the line with max(derivatives_threshold_override{symbol="${symbol.text}", kind="${kind}"}) or`,
    });
  } else if (override[1] !== symbol.text || override[2] !== kind) {
    findings.push({
      line: rule.expr.line,
      message: `${title(rule)}: this line speaks of ${override[1]} ${override[2]}; write symbol="${symbol.text}", kind="${kind}"`,
    });
  }
  return findings;
}

function findDuplicates(rules: readonly Rule[]): readonly CheckResult[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const known = first.get(title(rule));
    if (!known) {
      first.set(title(rule), rule);
      return [];
    }
    return [
      { line: rule.line, message: `${title(rule)} is there twice, first on line ${known.line}: remove one of them` },
    ];
  });
}

function findMissing(rules: readonly Rule[]): readonly CheckResult[] {
  const present = new Set(rules.map(title));
  const owners = new Map(
    rules.flatMap(({ labels, line }) => (isAsset(labels.symbol) ? [[labels.symbol.text, line]] : [])),
  );
  const wanted = [
    ...[...owners].flatMap(([symbol, line]) =>
      Object.keys(SYMBOL_KINDS).map((kind) => [`${symbol} ${kind}`, line] as const),
    ),
    ['watched group', 1] as const,
    ...Object.keys(SYMBOL_KINDS).map((kind) => [`default ${kind}`, 1] as const),
    ...Object.keys(MARKET_KINDS).map((kind) => [`market ${kind}`, 1] as const),
  ];
  return wanted
    .filter(([name]) => !present.has(name))
    .map(([name, line]) => ({
      line,
      message: `${name} is missing: copy its rule from another block, or from the delivered file`,
    }));
}

function isAsset(symbol: Span | undefined): symbol is Span {
  return symbol !== undefined && /^[A-Z0-9]+$/.test(symbol.text);
}

/** `BTC cascade_count`, `default cascade_count`, `market cascade_count`, `watched group`. */
function title({ name, labels }: Rule): string {
  if (name === WATCHED_NAME) return 'watched group';
  const [level, kind] = name.split(':');
  return `${labels.symbol?.text ?? (labels.block?.text === 'default' ? 'default' : level)} ${kind}`;
}
