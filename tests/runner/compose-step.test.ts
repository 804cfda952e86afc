// What the compose test says is counted as it said it.
import t from 'tap';
import { readClaims } from './compose-step.ts';

t.test('claims are counted, and what failed is kept', async (t) => {
  const lines = ['ok     it starts (2.0 s)', 'NOT OK it ends (3.0 s)', '       it did not', '1 passed, 1 failed'];

  t.same(readClaims(lines, 1), { passed: 1, failed: 1, failures: ['NOT OK it ends (3.0 s)'] });
});

t.test('no engine is no failure, and no success', async (t) => {
  t.same(readClaims(['skipped: no Docker engine answers'], 0), { passed: 0, failed: 0, failures: [] });
});

t.test('a run that breaks off has failed', async (t) => {
  t.same(readClaims(['ok     it starts (2.0 s)'], 1), { passed: 0, failed: 1, failures: [] });
});
