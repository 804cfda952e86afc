// What Prometheus' query API answers, parsed once. Pure.
import { AppError } from '../common/errors.ts';
import { isList, isRecord } from '../common/json-shape.ts';

export type Labels = Readonly<Record<string, string>>;

/** One series of a range query. */
export interface RangeSeries {
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** @throws AppError BACKTEST_ENGINE_FAILED with the engine's own words when the answer is a refusal. */
export function parseMatrix(answer: unknown): readonly RangeSeries[] {
  return resultOf(answer).map((entry) => {
    const pairs = isRecord(entry) && isList(entry.values) ? entry.values.map(parsePair) : [];
    return { labels: labelsOf(entry), times: pairs.map(({ time }) => time), values: pairs.map(({ value }) => value) };
  });
}

/** @throws AppError BACKTEST_ENGINE_FAILED with the engine's own words when the answer is a refusal. */
export function parseVector(answer: unknown): readonly Sample[] {
  const data = isRecord(answer) && isRecord(answer.data) ? answer.data : {};
  if (data.resultType === 'scalar') return [{ labels: {}, value: parsePair(data.result).value }];
  return resultOf(answer).map((entry) => ({
    labels: labelsOf(entry),
    value: parsePair(isRecord(entry) ? entry.value : undefined).value,
  }));
}

function resultOf(answer: unknown): readonly unknown[] {
  if (isRecord(answer) && isRecord(answer.data) && isList(answer.data.result)) return answer.data.result;
  const said = isRecord(answer) && typeof answer.error === 'string' ? answer.error : 'an answer of another shape';
  throw new AppError('BACKTEST_ENGINE_FAILED', `Prometheus refused a query: ${said}`);
}

function labelsOf(entry: unknown): Labels {
  if (!isRecord(entry) || !isRecord(entry.metric)) return {};
  return Object.fromEntries(Object.entries(entry.metric).map(([name, value]) => [name, String(value)]));
}

function parsePair(pair: unknown): { readonly time: number; readonly value: number } {
  if (!isList(pair)) return { time: Number.NaN, value: Number.NaN };
  return { time: Math.round(Number(pair[0]) * 1_000), value: parseValue(String(pair[1])) };
}

/** Go writes `+Inf` where JavaScript reads `Infinity`. */
function parseValue(text: string): number {
  return Number(text.replace(/Inf$/, 'Infinity'));
}
