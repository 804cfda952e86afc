import { join } from 'node:path';
import t from 'tap';
import { durationSeconds } from '../../backtest/duration.ts';
import { planRules } from '../../backtest/rule-plan.ts';
import { readRules, ruleFiles } from '../../backtest/rules.ts';
import { CHECKOUT } from './engine-under-test.ts';

const durations = [
  { text: '90s', seconds: 90 },
  { text: '1h30m', seconds: 5_400 },
  { text: '250ms', seconds: 0.25 },
  { text: '1d', seconds: 86_400 },
  { text: '1w', seconds: 604_800 },
  { text: 'soon', seconds: undefined },
  { text: '', seconds: undefined },
  { text: 5, seconds: undefined },
] as const;

for (const { text, seconds } of durations) {
  t.test(`reads the duration ${JSON.stringify(text)} as ${seconds} seconds`, async (t) => {
    t.equal(durationSeconds(text), seconds);
  });
}

function plan(t: { testdir: (files: Record<string, string>) => string }, text: string) {
  return planRules(readRules(ruleFiles(t.testdir({ 'a.yml': text }), undefined)));
}

t.test('reads a rule with what it says and what its group says', async (t) => {
  const { alerts } = plan(
    t,
    `groups:
  - name: g
    interval: 2s
    rules:
      - alert: A
        expr: derivatives_a > 1
        for: 3s
        keep_firing_for: 1m
        labels: { tier: 4 }
        annotations: &a { summary: hello }
      - { alert: B, expr: derivatives_b, annotations: *a }
  - name: h
    rules:
      - { alert: C, expr: 1 }`,
  );

  t.match(alerts, [
    { name: 'A', intervalSeconds: 2, forSeconds: 3, keepFiringForSeconds: 60, labels: { tier: '4' } },
    { name: 'B', intervalSeconds: 2, forSeconds: 0, keepFiringForSeconds: 0, annotations: { summary: 'hello' } },
    { name: 'C', intervalSeconds: 15, expression: '1' },
  ]);
});

t.test('orders recording rules by need and leaves out what no market alert needs', async (t) => {
  const { levels, alerts, leftOut, wanted, dense } = plan(
    t,
    `groups:
  - name: g
    rules:
      - { record: a:late, expr: 'a:middle{symbol="unused:name"} + on (symbol) avg_over_time(a:early{x="y"}[5m])' }
      - { record: a:middle, expr: 'a:early or derivatives_raw' }
      - { record: a:early, expr: 'increase(derivatives_total[1m])' }
      - { record: unused:name, expr: derivatives_unused }
      - { record: b:annotated, expr: derivatives_annotated }
      - alert: Market
        expr: a:late > 1
        annotations: { figure: '{{ with printf \`sum(b:annotated{symbol=%q})\` $labels.symbol | query }}{{ end }}' }
      - { alert: Stack, expr: derivatives_stack, labels: { category: stack } }`,
  );

  t.strictSame(
    levels.map((level) => level.map(({ name }) => name)),
    [['a:early', 'b:annotated'], ['a:middle'], ['a:late']],
  );
  t.strictSame(
    alerts.map(({ name }) => name),
    ['Market'],
  );
  t.strictSame(leftOut, ['Stack']);
  t.strictSame([...wanted].sort(), ['derivatives_annotated', 'derivatives_raw', 'derivatives_total']);
  t.strictSame([...dense].sort(), ['a:early', 'derivatives_total']);
});

t.test('orders a default rule after the blocks of its own name', async (t) => {
  const { levels } = plan(
    t,
    `groups:
  - name: g
    rules:
      - { record: a:threshold, labels: { symbol: BTC }, expr: vector(1) }
      - { record: a:threshold, expr: 'derivatives_watched_symbol * 0 + 2 unless on (symbol) a:threshold' }
      - { alert: A, expr: 'a:threshold > 1' }`,
  );

  t.strictSame(
    levels.map((level) => level.length),
    [1, 1],
  );
});

const faulty = [
  {
    name: 'a circle',
    text: 'groups: [{ name: g, rules: [{ record: a:a, expr: b:b }, { record: b:b, expr: a:a }, { alert: A, expr: a:a }] }]',
    message: /circle: .*a:a/,
  },
  { name: 'no groups', text: 'hello: 1', message: /a\.yml holds no rule groups/ },
  { name: 'no YAML', text: 'groups: [', message: /a\.yml/ },
  {
    name: 'a rule without an expression',
    text: 'groups: [{ name: g, rules: [{ alert: A }] }]',
    message: /a\.yml: a rule without/,
  },
] as const;

for (const { name, text, message } of faulty) {
  t.test(`refuses ${name}`, async (t) => {
    t.throws(() => plan(t, text), { code: 'BACKTEST_RULES_INVALID', message });
  });
}

t.test('puts another file in the place of thresholds.yml', async (t) => {
  const folder = t.testdir({ 'thresholds.yml': '', 'a.yml': '', 'notes.txt': '' });

  t.strictSame(ruleFiles(folder, undefined), [join(folder, 'a.yml'), join(folder, 'thresholds.yml')]);
  t.strictSame(ruleFiles(folder, '/x/own.yml'), [join(folder, 'a.yml'), '/x/own.yml']);
});

t.test('refuses a folder without rules', async (t) => {
  const folder = t.testdir({});

  t.throws(() => ruleFiles(folder, undefined), { code: 'BACKTEST_RULES_INVALID' });
  t.throws(() => ruleFiles(join(folder, 'none'), undefined), { code: 'BACKTEST_RULES_INVALID' });
});

t.test('finds every market alert of the shipped rules and what they need', async (t) => {
  const { alerts, levels, wanted, dense } = planRules(
    readRules(ruleFiles(join(CHECKOUT, 'prometheus', 'rules'), undefined)),
  );

  const names = new Set(alerts.map(({ name }) => name));
  for (const name of ['LiquidationCascade', 'LargeLiquidation', 'MarketWideCascade', 'OpenInterestExplosion']) {
    t.ok(names.has(name), name);
  }
  t.ok(levels.flat().some(({ name }) => name === 'symbol:cascade_count:threshold'));
  t.ok(wanted.has('derivatives_liquidation_burst_events'));
  t.ok(dense.has('derivatives_liquidation_notional_usd_total'));
});
