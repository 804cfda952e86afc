import t from 'tap';
import { describeResults, totalOf } from './step.ts';

t.test('what failed is said again below the table', async (t) => {
  const text = describeResults([
    { name: 'lint', passed: 1, failed: 0, seconds: 2 },
    { name: 'tests', passed: 8, failed: 1, seconds: 60, failures: ['✗ tests/a.test.ts', '    not ok 1 - adds up'] },
  ]);

  t.same(text.split('\n'), [
    '',
    '  ok      lint          1 passed, 0 failed        2.0 s',
    '  FAILED  tests         8 passed, 1 failed        60.0 s',
    '',
    'What failed:',
    '✗ tests/a.test.ts',
    '    not ok 1 - adds up',
    '',
  ]);
});

t.test('a run in which nothing failed ends with the table', async (t) => {
  const text = describeResults([{ name: 'lint', passed: 1, failed: 0, seconds: 2 }]);

  t.notMatch(text, /What failed/);
});

t.test('a run adds up, and one in which everything was skipped has failed', async (t) => {
  const skipped = { passed: 0, failed: 0 };

  t.same(totalOf([{ passed: 2, failed: 0 }, skipped, { passed: 1, failed: 1 }]), { passed: 3, failed: 1 });
  t.same(totalOf([skipped, skipped]), { passed: 0, failed: 1 });
  t.same(totalOf([]), { passed: 0, failed: 1 });
});
