// The command line of `npm run bench`.
import { parseArgs } from 'node:util';
import { AppError, errorText } from '../common/errors.ts';

export interface BenchOptions {
  readonly isQuick: boolean;
  /** A results.json of an earlier run. */
  readonly compareWith: string | undefined;
  /** Names of figures or of programs; empty stands for all. */
  readonly only: readonly string[];
  /** Measure the latency at 250 ms, 500 ms and 1 s and show what each costs. */
  readonly areIntervalsTried: boolean;
  /** Put the figures into docs/performance.md. */
  readonly isDocumented: boolean;
}

export const USAGE = `usage: npm run bench -- [--quick] [--only NAME]... [--compare OLD.json] [--intervals] [--document]
  --quick           a shorter look at everything, under two minutes
  --only NAME       one figure, or one program with all its figures; may be given several times
  --compare FILE    shows what changed beyond noise against an earlier bench/results.json
  --intervals       with --only latency: 250 ms, 500 ms and 1 s, and the price of each
  --document        puts the figures into docs/performance.md`;

/** @throws AppError BENCH_USAGE naming what was not understood. */
export function readOptions(argv: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean', default: false },
        compare: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        intervals: { type: 'boolean', default: false },
        document: { type: 'boolean', default: false },
      },
    });
    return {
      isQuick: values.quick,
      compareWith: values.compare,
      only: values.only,
      areIntervalsTried: values.intervals,
      isDocumented: values.document,
    };
  } catch (error) {
    throw new AppError('BENCH_USAGE', `${errorText(error)}\n${USAGE}`, { cause: error });
  }
}
