// Which rules a back-test needs, in which order, and which series of the exporter they ask for. Pure.
import { AppError } from '../common/errors.ts';
import type { Rule } from './rules.ts';

/** Alerts about the stack itself are not about the market: a recording says nothing of them. */
const STACK = 'stack';

export interface RulePlan {
  /** Recording rules; each level needs only those before it. */
  readonly levels: readonly (readonly Rule[])[];
  readonly alerts: readonly Rule[];
  /** Names of alerts that were left out because they watch the stack itself. */
  readonly leftOut: readonly string[];
  /** The exporter's series that these rules and their annotations mention. */
  readonly wanted: ReadonlySet<string>;
  /** Series that are asked for over a range: there every sample counts, so every one must be there. */
  readonly dense: ReadonlySet<string>;
}

/** @throws AppError BACKTEST_RULES_INVALID when rules need each other in a circle. */
export function planRules(rules: readonly Rule[]): RulePlan {
  const alerts = rules.filter(({ type, labels }) => type === 'alert' && labels.category !== STACK);
  const stackAlerts = rules.filter(({ type, labels }) => type === 'alert' && labels.category === STACK);
  const records = rules.filter(({ type }) => type === 'record');
  const levels = orderByNeed(alerts, records);
  const texts = [...alerts, ...levels.flat()].flatMap(textsOf);
  return {
    levels,
    alerts,
    leftOut: [...new Set(stackAlerts.map(({ name }) => name))].sort(),
    wanted: new Set(texts.flatMap((text) => [...namesIn(text)].filter((name) => name.startsWith('derivatives_')))),
    dense: new Set(texts.flatMap(rangedNames)),
  };
}

function textsOf({ expression, annotations }: Rule): readonly string[] {
  return [expression, ...Object.values(annotations)];
}

function orderByNeed(alerts: readonly Rule[], records: readonly Rule[]): readonly (readonly Rule[])[] {
  const needsOf = (rule: Rule): readonly Rule[] => {
    const names = new Set(textsOf(rule).flatMap((text) => [...namesIn(text)]));
    return records.filter((record) => record !== rule && names.has(record.name));
  };
  const levelOf = new Map<Rule, number>();
  const visit = (rule: Rule, path: readonly Rule[]): number => {
    const known = levelOf.get(rule);
    if (known !== undefined) return known;
    if (path.includes(rule)) {
      const circle = [...path, rule].map(({ name }) => name).join(' → ');
      throw new AppError('BACKTEST_RULES_INVALID', `rules need each other in a circle: ${circle}`);
    }
    const level = needsOf(rule).reduce((most, need) => Math.max(most, visit(need, [...path, rule]) + 1), 0);
    levelOf.set(rule, level);
    return level;
  };
  for (const alert of alerts) for (const need of needsOf(alert)) visit(need, []);
  const depth = Math.max(-1, ...levelOf.values()) + 1;
  return Array.from({ length: depth }, (_, level) => records.filter((record) => levelOf.get(record) === level));
}

/** Every word that may be the name of a series: texts in quotes and matchers are no names. */
function namesIn(expression: string): ReadonlySet<string> {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, '""').replace(/\{[^{}]*\}/g, (braces) => innerOf(braces));
  return new Set(bare.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []);
}

/** Of a template's action the words stay, since queries stand in it; the matchers of a selector go. */
function innerOf(braces: string): string {
  return /[=!]/.test(braces) && !braces.includes('`') ? ' ' : braces;
}

function rangedNames(expression: string): readonly string[] {
  return [...expression.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{[^{}]*\})?\s*\[/g)].map(([, name = '']) => name);
}
