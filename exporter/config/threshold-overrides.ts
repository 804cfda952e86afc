// Thresholds that environment variables set: read, checked, and published for the rules to prefer over YAML. The exporter
// judges nothing by them.
import { canonicalBase } from '../../common/canonical-symbols.ts';
import type { Environment } from '../../common/env.ts';
import { MOST_BY_KIND, type OverrideKind, type ThresholdOverride } from '../../common/threshold-kinds.ts';

interface Variable {
  readonly prefix: string;
  readonly kind: OverrideKind;
  /** What is published for 1 in the variable. */
  readonly scale: number;
}

const VARIABLES: readonly Variable[] = [
  { prefix: 'CASCADE_COUNT_', kind: 'cascade_count', scale: 1 },
  { prefix: 'CASCADE_VALUE_', kind: 'cascade_value_usd', scale: 1 },
  { prefix: 'LIQUIDATION_THRESHOLD_', kind: 'single_large_usd', scale: 1 },
  // Given in percent, published as a ratio like every other share.
  { prefix: 'OI_THRESHOLD_', kind: 'oi_change_ratio', scale: 0.01 },
  { prefix: 'OI_MIN_VALUE_', kind: 'oi_min_usd', scale: 1 },
];

/** @param faults gets one sentence for each variable that makes no sense */
export function parseOverrides(environment: Environment, faults: string[]): readonly ThresholdOverride[] {
  const overrides: ThresholdOverride[] = [];
  for (const [name, text] of Object.entries(environment)) {
    const variable = VARIABLES.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length);
    if (!variable || !text?.trim()) continue;
    const asset = name.slice(variable.prefix.length);
    const symbol = canonicalBase(asset)?.symbol;
    const fault = symbol === undefined ? `${JSON.stringify(asset)} is no base asset` : judge(text, variable);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
    else if (symbol !== undefined)
      overrides.push({ symbol, kind: variable.kind, value: publishedValue(text, variable) });
  }
  return overrides;
}

function publishedValue(text: string, { scale }: Variable): number {
  return Number(text.replaceAll('_', '')) * scale;
}

/** What is wrong with a value; `undefined` when it makes sense. */
function judge(text: string, variable: Variable): string | undefined {
  const { kind, scale } = variable;
  const value = publishedValue(text, variable);
  const shown = `(it is ${JSON.stringify(text)})`;
  if (!Number.isFinite(value) || value <= 0) return `must be a number above 0 ${shown}`;
  const most = MOST_BY_KIND[kind];
  if (value > most) return `must be at most ${most / scale}${scale === 1 ? '' : ' percent'} ${shown}`;
  if (kind === 'cascade_count' && !Number.isInteger(value)) return `must be a whole number ${shown}`;
  return undefined;
}
