// What a drill makes of the rules: every time shorter, everything else as shipped.
import t from 'tap';
import { parse } from 'yaml';
import { shortenExpression, shortenRules } from './shortened-rules.ts';

const RULES = `groups:
  - name: example
    interval: 15s
    rules:
      - alert: Example
        expr: sum(increase(failures_total[10m])) > 20
        for: 2m
        keep_firing_for: 30s
        labels: { severity: warning }
      - record: job:up:avg
        expr: avg(up)
`;

t.test('divides the times of groups and rules, and leaves thresholds and labels alone', async (t) => {
  const [group] = parse(shortenRules(RULES, 10)).groups;

  t.equal(group.interval, '1500ms');
  t.same(group.rules, [
    {
      alert: 'Example',
      expr: 'sum(increase(failures_total[60000ms])) > 20',
      for: '12000ms',
      keep_firing_for: '3000ms',
      labels: { severity: 'warning' },
    },
    { record: 'job:up:avg', expr: 'avg(up)' },
  ]);
});

t.test('divides ages, but not numbers that are no times', async (t) => {
  for (const [expr, shortened] of [
    ['time() - max(x) > 60', 'time() - max(x) > 6'],
    ['time() - (min(x) > 0) > 60', 'time() - (min(x) > 0) > 6'],
    ['a > 0 unless time() - b < 330', 'a > 0 unless time() - b < 33'],
    ['vector(time() % 300) < 60', 'vector(time() % 30) < 6'],
    ['sum(x) > 512 * 1024 * 1024', 'sum(x) > 512 * 1024 * 1024'],
    ['avg_over_time(x[1d] offset 10m)', 'avg_over_time(x[8640000ms] offset 60000ms)'],
    ['rate(x[15s])', 'rate(x[3000ms])'],
  ] as const)
    t.equal(shortenExpression(expr, 10), shortened);
});

t.test('knows every duration of the shipped rules, and says which it does not know', async (t) => {
  t.throws(() => shortenRules(RULES.replace('for: 2m', 'for: soon'), 10), /soon is no duration/);
  t.throws(() => shortenRules('[]', 10), /groups/);
});
