import t from 'tap';
import { mutate } from './rule-mutations.ts';

const file = (expr: string, rest = '') =>
  `groups:\n  - name: a\n    rules:\n      - alert: Alarm\n        expr: ${expr}\n${rest}`;

for (const [expr, changes] of [
  ['a >= 5', ['>= → >', '5 → 10', '5 → 2.5']],
  ['a <= 5', ['<= → <', '5 → 10', '5 → 2.5']],
  ['a{x=~"b > c"} == 0', ['== → !=']],
  ['a >= b - 1e-9', ['>= → <']],
  ['a / (b > 0)', []],
  ['a and b unless c or d', ['and → or', 'unless → and', 'or → and']],
  ['a offset 15m', ['offset 15m → offset 30m']],
  ['increase(a[5m])', ['[5m] → [20m]', 'increase → delta']],
  ['topk(1, a)', ['topk → bottomk']],
  ['max by (x) (a)', ['max → sum']],
  ['max(a) == 0', ['== → !=', 'max → min']],
  ['sum by (x) (a)', ['sum → max']],
  ['abs(a)', ['abs → nothing']],
  ['a / b - 1', ['- 1 → + 1']],
  ['time() - a', ['time() - → time() +']],
  ['a or vector(4)', ['or → and', '4 → 5', '4 → 3']],
  ['a * 0 + 8)', ['8 → 10', '8 → 6']],
  ['a > 64 * symbol:b:c', ['> → >=', '64 → 96']],
  ['vector(1)', []],
] as const) {
  t.test(`turns each judgement of ${expr} once`, async (t) => {
    t.same(
      mutate(file(expr)).map(({ change }) => change),
      changes,
    );
  });
}

t.test('turns the times and the labels of a rule', async (t) => {
  const rest = '        for: 2m\n        keep_firing_for: 30s\n        labels: { tier: "4", priority: high }\n';

  const mutants = mutate(file('a', rest));

  t.same(
    mutants.map(({ change, line }) => [change, line]),
    [
      ['2m → 6m', 6],
      ['30s → 0s', 7],
      ['high → low', 8],
      ['"4" → "2"', 8],
    ],
  );
});

t.test('changes exactly one place of the file', async (t) => {
  const [mutant] = mutate(file('a >= b # c >= d'));

  t.equal(mutant?.text, file('a > b # c >= d'));
  t.equal(mutant?.rule, 'Alarm');
  t.equal(mutant?.line, 5);
});

t.test('makes no mutants of what is no rule file', async (t) => {
  t.same(mutate('{'), []);
});
