// The whole roll-out by the commands that people use: `npm run proof`, with its page left in reports/.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { runProof } from './proof/run.ts';

// Five starts of the real stack, a baseline and its comparison: minutes on a busy machine.
t.setTimeout(600_000);

t.test('a roll-out ends in production, and a fault in the existing system as it was', async (t) => {
  const reports = join(dirname(dirname(import.meta.dirname)), 'reports');
  const { checks } = await runProof(reports, t.comment);
  const failed = checks.filter(({ level }) => level === 'critical');
  t.same(
    failed.map(({ name, detail }) => `${name}: ${detail}`),
    [],
  );
  const parts = [...new Set(checks.map(({ checkpoint }) => checkpoint))];
  t.same(parts, [
    ...['Baseline', 'Isolated deployment', 'Integration', 'Sign-offs', 'Canary', 'Production'],
    ...['Fault and automatic roll-back', 'Regression'],
  ]);
  t.match(readFileSync(join(reports, 'proof.html'), 'utf8'), 'existing system <span>passed</span>');
});
