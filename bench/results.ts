// What a run of the benchmark leaves behind: `bench/results.json`, an array that other programs may read.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { AppError } from '../common/errors.ts';
import { medianOf } from '../common/median.ts';
import { FIGURES, type FigureName } from './figures.ts';

const Result = Type.Object({
  name: Type.String(),
  /** Median of the runs; null where it could not be measured, with the reason. */
  value: Type.Union([Type.Number(), Type.Null()]),
  unit: Type.String(),
  target: Type.Union([Type.Number(), Type.Null()]),
  better: Type.Optional(Type.Union([Type.Literal('higher'), Type.Literal('lower')])),
  runs: Type.Array(Type.Number()),
  reason: Type.Optional(Type.String()),
  /** What a reader must know beside the figure: how long, on what. */
  note: Type.Optional(Type.String()),
});
export type Result = Static<typeof Result>;

const Results = Type.Array(Result);

export interface Measured {
  readonly runs: readonly number[];
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
}

export function resultOf(name: FigureName, { runs, reason, note }: Measured): Result {
  const { unit, better, ...rest } = FIGURES[name];
  const target = 'target' in rest ? rest.target : null;
  const value = medianOf(runs) ?? null;
  return {
    name,
    value,
    unit,
    target,
    better,
    runs: [...runs],
    ...(value === null ? { reason: reason ?? 'not measured' } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

export function writeResults(path: string, results: readonly Result[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** @throws AppError BENCH_RESULTS_INVALID when the file is missing or is none of ours. */
export function readResults(path: string): readonly Result[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError(
      'BENCH_RESULTS_INVALID',
      `${path}: cannot be read as JSON; give a results.json of an earlier run`,
      {
        cause: error,
      },
    );
  }
  if (Check(Results, value)) return value;
  throw new AppError('BENCH_RESULTS_INVALID', `${path}: is no array of { name, value, unit, target, runs }`);
}
