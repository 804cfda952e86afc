// What the watcher tells people and writes down.
import t from 'tap';
import type { Incident } from '../../../operations/watch/ladder.ts';
import { tellFailed, tellHeld, tellOver, tellStep } from '../../../operations/watch/messages.ts';
import { describeIncident } from '../../../operations/watch/report.ts';

const EVENT = { trigger: 'memory', what: '  1,200 MB\n of 1,000 ' } as const;

t.test('a step says which of how many, what was seen, and what comes next', async (t) => {
  t.equal(
    tellStep('production', EVENT, 'hold-back', 'done', 'stop-calling'),
    '⚠️ ROLL-BACK WATCH, step 1 of 3: memory\n1,200 MB of 1,000\ndone\nIf it lasts: stop calling the existing service.',
  );
  t.equal(
    tellStep('production', EVENT, 'roll-back', 'done', undefined),
    '⏪ ROLLED BACK: memory\n1,200 MB of 1,000\ndone',
  );
});

t.test('an environment that is not production is named', async (t) => {
  t.match(tellHeld('staging', EVENT), /^\[staging\] ⏳ ROLL-BACK WAITS: memory\n/);
});

t.test('the end says whether the existing service is called again', async (t) => {
  t.notMatch(tellOver('production', EVENT, false), /not called/);
  t.match(tellOver('production', EVENT, true), /not called until the next start/);
});

t.test('a roll-back that fails asks for a hand, a gentler step does not, and long texts are cut', async (t) => {
  t.match(tellFailed('production', EVENT, 'roll-back', 'why'), /Act by hand: stop_monitoring\.sh$/);
  const gentle = tellFailed('production', EVENT, 'hold-back', 'y'.repeat(300));
  t.match(gentle, /could not hold back[\s\S]+y{199}…$/);
});

t.test('the report judges how soon the first step began', async (t) => {
  const incident: Incident = { id: 'x', trigger: 'memory', what: 'much', seenAt: 0, lastSeenAt: 0, steps: [] };
  const report = (...steps: Incident['steps']) =>
    describeIncident({ incident: { ...incident, steps }, isAlertingOff: steps.length > 1 });

  t.match(report(), /first step begun: \n- alerting: on/);
  t.match(report({ step: 'hold-back', begunAt: 60_000 }), /60\.0 s \(limit 60\.0 s\): in time[\s\S]+: not finished/);
  const late = report(
    { step: 'hold-back', begunAt: 61_000, endedAt: 63_500, outcome: 'held', details: ['a\n b'] },
    { step: 'roll-back', begunAt: 99_000 },
  );
  t.match(late, /LATE\n- alerting: OFF[\s\S]+took 2\.5 s: held\n {3}- a\n {3}- b\n/);
});
