import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { AlertMachine, type Episode } from '../../backtest/alert-machine.ts';
import type { Rule } from '../../backtest/rules.ts';
import { findTestEngines } from './engine-under-test.ts';

const run = promisify(execFile);

function rule(forSeconds: number, keepFiringForSeconds: number): Rule {
  return {
    type: 'alert',
    name: 'Sample',
    expression: 'sample > 0',
    intervalSeconds: 1,
    labels: { tier: '1' },
    annotations: {},
    forSeconds,
    keepFiringForSeconds,
  };
}

/** One evaluation a second; 0 is "the condition does not hold". */
function play(values: readonly number[], forSeconds: number, keepFiringForSeconds: number): readonly Episode[] {
  const machine = new AlertMachine(rule(forSeconds, keepFiringForSeconds));
  for (const [second, value] of values.entries()) {
    const labels = { __name__: 'sample', symbol: 'BTC' };
    machine.evaluate(second * 1_000, value === 0 ? [] : [{ labels, value }]);
  }
  return machine.episodes();
}

const lives = [
  { name: 'fires at once without `for`', values: [0, 5, 0], holds: 0, keeps: 0, spans: [[1, 2]] },
  { name: 'waits for `for`', values: [0, 5, 5, 5, 5, 0], holds: 2, keeps: 0, spans: [[3, 5]] },
  { name: 'starts to wait anew after a gap', values: [5, 5, 0, 5, 5, 0], holds: 2, keeps: 0, spans: [] },
  { name: 'holds on for `keep_firing_for`', values: [5, 0, 0, 0, 0], holds: 0, keeps: 3, spans: [[0, 4]] },
  { name: 'is one alert across a flicker', values: [5, 0, 0, 5, 0, 0, 0, 0, 0], holds: 0, keeps: 3, spans: [[0, 7]] },
  {
    name: 'is two alerts across a longer gap',
    values: [5, 0, 0, 0, 5, 0, 0, 0],
    holds: 0,
    keeps: 2,
    spans: [
      [0, 3],
      [4, 7],
    ],
  },
  { name: 'still fires at the end', values: [0, 5, 5], holds: 0, keeps: 9, spans: [[1, undefined]] },
] as const;

for (const { name, values, holds, keeps, spans } of lives) {
  t.test(`an alert ${name}`, async (t) => {
    const episodes = play(values, holds, keeps);

    t.strictSame(
      episodes.map(({ firedAt, endedAt }) => [firedAt / 1_000, endedAt === undefined ? undefined : endedAt / 1_000]),
      spans,
    );
  });
}

t.test('remembers the value when it fired and the one farthest from zero since', async (t) => {
  t.match(play([-9, -2, -3, -8, -4, 0], 1, 0), [
    { value: -2, peak: -8, peakAt: 3_000, labels: { tier: '1', symbol: 'BTC' } },
  ]);
});

t.test('keeps the alerts of two series apart', async (t) => {
  const machine = new AlertMachine(rule(0, 0));

  machine.evaluate(0, [
    { labels: { symbol: 'BTC' }, value: 1 },
    { labels: { symbol: 'ETH' }, value: 2 },
  ]);
  machine.evaluate(1_000, [{ labels: { symbol: 'ETH' }, value: 2 }]);

  t.notOk(machine.isIdle);
  t.strictSame(
    machine.episodes().map(({ labels, endedAt }) => [labels.symbol, endedAt]),
    [
      ['BTC', 1_000],
      ['ETH', undefined],
    ],
  );
});

/** Asks promtool whether the alert fires exactly in the seconds in which ours does. */
async function isConfirmed(
  folder: string,
  values: readonly number[],
  rules: { readonly holds: number; readonly keeps: number },
  episodes: readonly Episode[],
): Promise<boolean> {
  const { promtool } = await findTestEngines();
  const sample = {
    alert: 'Sample',
    expr: 'sample > 0',
    for: `${rules.holds}s`,
    keep_firing_for: `${rules.keeps}s`,
    labels: { tier: '1' },
  };
  const firing = (second: number) =>
    episodes.some(
      ({ firedAt, endedAt = Number.POSITIVE_INFINITY }) => firedAt <= second * 1_000 && second * 1_000 < endedAt,
    );
  const test = {
    rule_files: ['rules.json'],
    evaluation_interval: '1s',
    tests: [
      {
        interval: '1s',
        input_series: [{ series: 'sample{symbol="BTC"}', values: values.join(' ') }],
        alert_rule_test: values.map((_, second) => ({
          eval_time: `${second}s`,
          alertname: 'Sample',
          exp_alerts: firing(second) ? [{ exp_labels: { symbol: 'BTC', tier: '1' } }] : [],
        })),
      },
    ],
  };
  writeFileSync(
    join(folder, 'rules.json'),
    JSON.stringify({ groups: [{ name: 'g', interval: '1s', rules: [sample] }] }),
  );
  writeFileSync(join(folder, 'test.json'), JSON.stringify(test));
  return run(promtool, ['test', 'rules', 'test.json'], { cwd: folder }).then(
    () => true,
    () => false,
  );
}

t.test('promtool agrees with every life of an alert, and not with a machine that is a second off', async (t) => {
  const folder = t.testdir({});
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const settings = [
    { holds: 0, keeps: 0 },
    { holds: 3, keeps: 0 },
    { holds: 0, keeps: 5 },
    { holds: 2, keeps: 4 },
  ] as const;
  for (const { holds, keeps } of settings) {
    // Runs of a few seconds, so that flickers and gaps of every length around the limits occur.
    const values: number[] = [];
    while (values.length < 200) {
      const value = random() < 0.5 ? 0 : 1;
      for (let left = Math.ceil(random() * 7); left > 0; left--) values.push(value);
    }
    const label = `for ${holds}s, keep_firing_for ${keeps}s`;

    t.ok(await isConfirmed(folder, values, { holds, keeps }, play(values, holds, keeps)), label);
    t.notOk(await isConfirmed(folder, values, { holds, keeps }, play(values, holds + 1, keeps)), `${label}, not more`);
    t.notOk(
      await isConfirmed(folder, values, { holds, keeps }, play(values, holds, keeps + 1)),
      `${label}, not longer`,
    );
  }
});
