import t from 'tap';
import { type Condition, decide, type Incident, PATIENCE } from '../../../operations/watch/ladder.ts';
import { PLANS, type Step, TRIGGERS, type Trigger } from '../../../operations/watch/triggers.ts';

const seen = (trigger: Trigger, seenAt = 0): Condition => ({ trigger, what: 'seen', seenAt });
const after = (trigger: Trigger, steps: readonly (readonly [Step, number])[]): Incident => ({
  id: 'x',
  trigger,
  what: 'seen',
  seenAt: 0,
  lastSeenAt: steps.at(-1)?.[1] ?? 0,
  steps: steps.map(([step, endedAt]) => ({ step, begunAt: endedAt, endedAt })),
});
const stepOf = (decision: ReturnType<typeof decide>) => (decision.type === 'step' ? decision.step : decision.type);

t.test('every trigger climbs its own ladder, each step after the patience of the one before', (t) => {
  for (const trigger of TRIGGERS) {
    const taken: [Step, number][] = [];
    let now = 0;
    for (const expected of PLANS[trigger].ladder) {
      const last = taken.at(-1);
      if (last !== undefined) {
        const early = now + PATIENCE.afterStepMs[last[0]] - 1;
        const situation = {
          incident: after(trigger, taken),
          conditions: [seen(trigger)],
          isCascade: false,
          now: early,
        };
        t.equal(decide(situation).type, 'nothing', `${trigger} gives ${last[0]} time`);
        now = early + 1;
      }
      const incident = last === undefined ? undefined : after(trigger, taken);
      t.equal(stepOf(decide({ incident, conditions: [seen(trigger)], isCascade: false, now })), expected, trigger);
      taken.push([expected, now]);
    }
    t.ok(now + 30_000 <= 300_000, `${trigger}: restored within 5 minutes`);
  }
  t.end();
});

t.test('the limits are those that were promised', (t) => {
  t.same(
    TRIGGERS.map((trigger) => [trigger, PLANS[trigger].limitMs / 1_000]),
    [
      ['memory', 60],
      ['response', 60],
      ['endpoint', 60],
      ['messages', 120],
      ['websocket', 120],
      ['delivery', 120],
      ['corruption', 30],
      ['breach', 10],
      ['manual', 10],
    ],
  );
  t.end();
});

t.test('a cascade lets gentle steps through and holds the last one, but for breach, corruption and by hand', (t) => {
  for (const trigger of TRIGGERS) {
    const fresh = decide({ incident: undefined, conditions: [seen(trigger)], isCascade: true, now: 0 });
    t.equal(stepOf(fresh), PLANS[trigger].ladder[0], `${trigger} begins`);
    const before = PLANS[trigger].ladder.at(-2);
    if (before === undefined) continue;
    const incident = after(trigger, [[before, 0]]);
    const due = decide({ incident, conditions: [seen(trigger)], isCascade: true, now: 200_000 });
    t.equal(due.type, 'held', `${trigger} waits for the end of the cascade`);
  }
  t.end();
});

t.test('a breach does not wait for the patience of a gentler incident', (t) => {
  const incident = after('endpoint', [['hold-back', 1_000]]);
  const decision = decide({ incident, conditions: [seen('endpoint'), seen('breach')], isCascade: true, now: 1_001 });
  t.match(decision, { type: 'step', step: 'roll-back', condition: { trigger: 'breach' } });
  t.end();
});

t.test('a condition that is gone takes no further step, and after five minutes the incident is over', (t) => {
  const incident = after('endpoint', [['hold-back', 1_000]]);
  const at = (now: number) => decide({ incident, conditions: [], isCascade: false, now }).type;
  t.equal(at(200_000), 'nothing');
  t.equal(at(300_999), 'nothing');
  t.equal(at(301_000), 'over');
  t.equal(decide({ incident: undefined, conditions: [], isCascade: false, now: 1 }).type, 'nothing');
  t.end();
});

t.test('a step that was interrupted is taken once more, also when its condition is gone', (t) => {
  const interrupted: Incident = { ...after('breach', []), steps: [{ step: 'roll-back', begunAt: 5 }] };
  const decision = decide({ incident: interrupted, conditions: [], isCascade: true, now: 6 });
  t.match(decision, { type: 'step', step: 'roll-back', condition: { trigger: 'breach' } });
  t.end();
});

t.test('a roll-back that failed is tried again half a minute later', (t) => {
  const steps = [{ step: 'roll-back', begunAt: 0, endedAt: 10, isFailed: true }] as const;
  const incident: Incident = { ...after('breach', []), steps };
  const at = (now: number) => stepOf(decide({ incident, conditions: [seen('breach')], isCascade: false, now }));
  t.equal(at(30_009), 'nothing');
  t.equal(at(30_010), 'roll-back');
  t.end();
});
