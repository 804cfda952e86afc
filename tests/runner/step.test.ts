import t from 'tap';
import { describeResults } from './step.ts';

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
