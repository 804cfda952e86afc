import t from 'tap';
import { compareResults, type Verdict } from '../../bench/compare.ts';
import { type Result, resultOf } from '../../bench/results.ts';

const slow = (runs: readonly number[]): Result => resultOf('startup_ms', { runs });
const fast = (runs: readonly number[]): Result => resultOf('ingest_frames_per_second', { runs });

t.test('a change counts when the runs lie apart by more than they scatter', async (t) => {
  const cases: readonly (readonly [what: string, before: Result, after: Result, verdict: Verdict])[] = [
    ['overlapping runs', slow([100, 110, 120]), slow([115, 118, 125]), 'noise'],
    ['lower is better', slow([100, 101, 102]), slow([50, 51, 52]), 'better'],
    ['lower is better', slow([100, 101, 102]), slow([200, 201, 202]), 'worse'],
    ['higher is better', fast([100, 101, 102]), fast([200, 201, 202]), 'better'],
    ['higher is better', fast([200, 201, 202]), fast([100, 101, 102]), 'worse'],
    ['apart, but by less than they scatter', slow([100, 110, 120]), slow([121, 131, 141]), 'noise'],
    ['single runs close by', slow([100]), slow([125]), 'noise'],
    ['single runs far apart', slow([100]), slow([140]), 'worse'],
    ['equal', slow([100]), slow([100]), 'noise'],
    ['not measured', slow([100]), slow([]), 'unmeasured'],
  ];
  for (const [what, before, after, verdict] of cases) {
    t.equal(compareResults([before], [after])[0]?.verdict, verdict, `${what}: ${before.runs} → ${after.runs}`);
  }
});

t.test('a figure of only one of the runs is named as such', async (t) => {
  t.same(
    compareResults([slow([1])], [fast([2])]).map(({ name, verdict }) => [name, verdict]),
    [
      ['startup_ms', 'gone'],
      ['ingest_frames_per_second', 'new'],
    ],
  );
});
