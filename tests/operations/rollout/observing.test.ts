// The verdict of the observing stage.
import t from 'tap';
import { type JudgedAlert, judgeObserving, type Observed } from '../../../operations/rollout/observing.ts';

const QUIET: Observed = { hours: 24, wantedHours: 24, memoryVariation: 0.01, alerts: [] };

const alert = (afterHours: number, useful: number, useless: number): JudgedAlert => {
  return { name: 'BTC LiquidationCascade', afterHours, useful, useless };
};
const levels = (changes: Partial<Observed>) => judgeObserving({ ...QUIET, ...changes }).map(({ level }) => level);

t.test('a quiet day with level memory passes', async (t) => {
  t.same(levels({}), ['ok', 'ok', 'ok', 'ok']);
});

for (const [words, changes, expected] of [
  ['a minute short of the time', { hours: 24 - 1 / 60 }, ['critical', 'ok', 'ok', 'ok']],
  ['memory that varies by 5 %', { memoryVariation: 0.05 }, ['ok', 'critical', 'ok', 'ok']],
  ['memory that nobody measured', { memoryVariation: undefined }, ['ok', 'critical', 'ok', 'ok']],
  ['a false alert in the first hour', { alerts: [alert(0.5, 0, 1)] }, ['ok', 'ok', 'critical', 'critical']],
  ['a false alert later', { alerts: [alert(1, 0, 1)] }, ['ok', 'ok', 'ok', 'critical']],
  ['alerts that nobody judged', { alerts: [alert(0.5, 0, 0)] }, ['ok', 'ok', 'warning', 'warning']],
  ['19 of 20 right, which is not more than 95 %', { alerts: tally(19, 1) }, ['ok', 'ok', 'ok', 'critical']],
  ['20 of 21 right', { alerts: tally(20, 1) }, ['ok', 'ok', 'ok', 'ok']],
] as const) {
  t.test(`judges ${words}`, async (t) => {
    t.same(levels(changes), expected);
  });
}

t.test('says how long there is to wait, in a unit that suits', async (t) => {
  const [first] = judgeObserving({ ...QUIET, hours: 0.005 });
  t.match(first, { detail: '18 s of 24.0 h', mend: 'check again in 24.0 h' });
  t.match(judgeObserving({ ...QUIET, hours: 0.5 })[0]?.detail, '30 min of');
});

function tally(right: number, wrong: number): readonly JudgedAlert[] {
  return [
    ...Array.from({ length: right }, () => alert(2, 1, 0)),
    ...Array.from({ length: wrong }, () => alert(2, 0, 1)),
  ];
}
