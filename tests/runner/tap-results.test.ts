import t from 'tap';
import { countTap, countTapFolder } from './tap-results.ts';

for (const { title, tap, outcome } of [
  {
    title: 'counts the outermost tests, not what they assert',
    tap: 'TAP version 14\n# Subtest: a\n    ok 1 - x\n    ok 2 - y\n    1..2\nok 1 - a # time=1ms\n\nok 2 - bare\n1..2\n',
    outcome: { passed: 2, failed: 0 },
  },
  { title: 'counts a failed test', tap: 'not ok 1 - a\n  ---\n  ...\n1..1\n', outcome: { passed: 0, failed: 1 } },
  {
    title: 'counts a skipped test as neither',
    tap: 'ok 1 - a # SKIP no data\nok 2 - b\n1..2\n',
    outcome: { passed: 1, failed: 0 },
  },
  { title: 'counts a file that said nothing as failed', tap: '', outcome: { passed: 0, failed: 1 } },
  {
    title: 'lets a file skip itself as a whole',
    tap: 'TAP version 14\n1..0 # no data\n',
    outcome: { passed: 0, failed: 0 },
  },
]) {
  t.test(title, async (t) => {
    t.same(countTap(tap), outcome);
  });
}

t.test('adds up a folder', async (t) => {
  const folder = t.testdir({ a: { 'x.test.ts.tap': 'ok 1 - a\n1..1\n' }, 'y.test.ts.tap': 'not ok 1 - b\n1..1\n' });

  t.same(countTapFolder(folder), { passed: 1, failed: 1 });
});
