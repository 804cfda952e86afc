// What may stand in a threshold file: names, what each means to a trader, and which values make sense.
// Prometheus itself judges by the same bounds what was loaded past this check: prometheus/rules/threshold-guard.yml.
import { MOST_BY_KIND } from '../../common/threshold-kinds.ts';

export interface ThresholdKind {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  /** What to write instead of an absurd value. */
  readonly advice: string;
}

/** What is liquidated, or moves, within minutes. */
const FLOW: ThresholdKind = {
  least: 1_000,
  most: MOST_BY_KIND.cascade_value_usd,
  isWhole: false,
  advice: 'write whole US dollars between 1000 and 1000000000, for example 500000 for half a million',
};
/** What stands open altogether; 0 asks for no least total. */
const TOTAL: ThresholdKind = {
  least: 0,
  most: MOST_BY_KIND.oi_min_usd,
  isWhole: false,
  advice: 'write whole US dollars from 0 to 10000000000, for example 50000000 for fifty millions',
};
const COUNT: ThresholdKind = {
  least: 1,
  most: MOST_BY_KIND.cascade_count,
  isWhole: true,
  advice: 'write how many liquidations it takes, a whole number from 1 to 10000, for example 5',
};
const RATIO: ThresholdKind = {
  least: 0.001,
  most: MOST_BY_KIND.oi_change_ratio,
  isWhole: false,
  advice: 'write a share between 0.001 and 1: 15 % is 0.15',
};
const DEVIATIONS: ThresholdKind = {
  least: 1,
  most: 100,
  isWhole: false,
  advice: 'write how many standard deviations it takes, from 1 to 100, for example 6',
};

/** Per symbol: the middle part of `symbol:NAME:threshold`, which is also the `kind` of the environment's override. */
export const SYMBOL_KINDS: Readonly<Record<string, ThresholdKind>> = {
  cascade_count: COUNT,
  cascade_value_usd: FLOW,
  single_large_usd: FLOW,
  oi_change_ratio: RATIO,
  oi_min_usd: TOTAL,
};

/** Of the whole market: the middle part of `market:NAME:threshold`. */
export const MARKET_KINDS: Readonly<Record<string, ThresholdKind>> = {
  cascade_count: COUNT,
  cascade_value_usd: FLOW,
  surge_deviations: DEVIATIONS,
  oi_surge_change_ratio: RATIO,
  oi_surge_value_usd: FLOW,
  liquidation_surge_value_usd: FLOW,
};

/** No threshold: whom the default block serves. */
export const WATCHED_NAME = 'symbol:watched:group';

/** No threshold: from which table the rules were rendered. */
export const LOADED_NAME = 'threshold:table:loaded';

/** What a number is called in the table: a ratio of the rules is written there in percent. */
export function tableKey(kind: string): string {
  return kind.replace(/_ratio$/, '');
}

export const THRESHOLD_NAMES: readonly string[] = [
  ...Object.keys(SYMBOL_KINDS).map((kind) => `symbol:${kind}:threshold`),
  ...Object.keys(MARKET_KINDS).map((kind) => `market:${kind}:threshold`),
];

/** What is wrong with a value, with the way to mend it; `undefined` when it makes sense. */
export function judgeThreshold(kind: ThresholdKind, text: string): string | undefined {
  const value = /^-?\d+(\.\d+)?(e\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value))
    return `${JSON.stringify(text)} is no plain number: ${kind.advice}, without $, commas or letters`;
  if (value < 0) return `${text} is negative: ${kind.advice}`;
  if (value < kind.least) return `${text} is too small to make sense: ${kind.advice}`;
  if (value > kind.most) return `${text} is too large to make sense: ${kind.advice}`;
  if (kind.isWhole && !Number.isInteger(value)) return `${text} is no whole number: ${kind.advice}`;
  return undefined;
}

/** The same for a value of the table, where a ratio is written in percent. @returns its value in the units of the rules, or what is wrong */
export function readTableValue(name: string, kind: ThresholdKind, text: string): number | string {
  if (tableKey(name) === name) return judgeThreshold(kind, text) ?? Number(text);
  const [, figure, sign] = /^(-?\d+(?:\.\d+)?) *(%?)$/.exec(text.trim()) ?? [];
  const advice = `write a percentage between ${kind.least * 100} % and ${kind.most * 100} %, for example 15 %`;
  if (figure === undefined) return `${JSON.stringify(text)} is no percentage: ${advice}, with a point and no comma`;
  const ratio = toRatio(Number(figure));
  if (sign === '') {
    const percent = Math.abs(Number(figure)) < 1 ? toPercent(Number(figure)) : figure;
    return `${figure} has no % sign, so it could be a share or a percentage: write ${percent} % if that is what you mean`;
  }
  if (ratio < 0) return `${text} is negative: ${advice}`;
  if (ratio < kind.least) return `${text} is too small to make sense: ${advice}`;
  if (ratio > kind.most) return `${text} is too large to make sense: ${advice}`;
  return ratio;
}

/** A value of the rules as the table writes it. */
export function writeTableValue(name: string, value: number): string {
  return tableKey(name) === name ? String(value) : `${toPercent(value)} %`;
}

/** Without the noise of binary fractions: 0.07 and not 0.07000000000000001. */
const toRatio = (percent: number) => Number((percent / 100).toPrecision(12));
const toPercent = (ratio: number) => Number((ratio * 100).toPrecision(12));
