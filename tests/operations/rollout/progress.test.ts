// What is next in a roll-out, and what a step lacks.
import t from 'tap';
import { nextStep, requirementsOf, type Situation } from '../../../operations/rollout/progress.ts';
import type { RolloutRecord } from '../../../operations/rollout/record.ts';
import { ROLES } from '../../../operations/rollout/signoff-file.ts';
import { describeStatus, statusOf } from '../../../operations/rollout/status.ts';
import { nameOf, type Stage } from '../../../operations/rollout/steps.ts';
import { approverOf, COMMIT, checkOf, deploymentOf, hoursAgo, OTHER_COMMIT, signoff, situationOf } from './example.ts';

const UP_TO_INTEGRATION: readonly RolloutRecord[] = [
  checkOf('pre-deployment', { at: hoursAgo(10) }),
  deploymentOf('isolated', { at: hoursAgo(9) }),
  checkOf('isolated deployment', { at: hoursAgo(8) }),
  deploymentOf('integration', { at: hoursAgo(7) }),
  checkOf('integration', { at: hoursAgo(6) }),
];
const SIGNED = ROLES.map((role) => signoff(approverOf(role), { role }));

const nextOf = (situation: Situation) => {
  const step = nextStep(situation);
  return step === undefined ? undefined : nameOf(step);
};
const missingFor = (stage: Stage, situation: Situation) =>
  requirementsOf({ type: 'deploy', stage }, situation)
    .filter(({ level }) => level === 'critical')
    .map(({ name }) => name);

t.test('steps come in order', async (t) => {
  t.equal(nextOf(situationOf([])), 'check: pre-deployment');
  for (const [count, next] of [
    [1, 'deploy: isolated'],
    [2, 'check: isolated deployment'],
    [3, 'deploy: integration'],
    [4, 'check: integration'],
    [5, 'deploy: canary'],
  ] as const) {
    t.equal(nextOf(situationOf(UP_TO_INTEGRATION.slice(0, count))), next);
  }
});

t.test('the canary lacks every role that has not signed, and nothing when all have', async (t) => {
  t.same(
    missingFor('canary', situationOf(UP_TO_INTEGRATION)),
    ROLES.map((role) => `sign-off ${role}`),
  );
  t.same(missingFor('canary', situationOf([...UP_TO_INTEGRATION, ...SIGNED])), []);
});

t.test('production cannot be had by leaving steps out', async (t) => {
  const records = [checkOf('production'), ...SIGNED];
  t.same(missingFor('production', situationOf(records)), [
    ...['check: pre-deployment', 'deploy: isolated', 'check: isolated deployment', 'deploy: integration'],
    ...['check: integration', 'deploy: canary', 'check: production'],
  ]);
});

t.test('what was seen of another commit counts for nothing', async (t) => {
  const records = UP_TO_INTEGRATION.map((record) => ({ ...record, commit: OTHER_COMMIT }));
  t.equal(nextOf(situationOf(records)), 'check: pre-deployment');
});

t.test('a deployment made again asks for its check again', async (t) => {
  const again = deploymentOf('isolated', { at: hoursAgo(5) });
  t.equal(nextOf(situationOf([...UP_TO_INTEGRATION, again])), 'check: isolated deployment');
});

t.test('a check that is too old, or failed since, does not carry a deployment', async (t) => {
  const old = situationOf([checkOf('pre-deployment', { at: hoursAgo(73) })]);
  t.same(missingFor('isolated', old), ['check: pre-deployment']);
  const used = situationOf([
    checkOf('pre-deployment', { at: hoursAgo(90) }),
    deploymentOf('isolated', { at: hoursAgo(89) }),
  ]);
  t.equal(nextOf(used), 'check: isolated deployment', 'one that a deployment has used need not stay fresh');
  const evidence = [{ name: 'disk', level: 'critical', detail: 'full' }] as const;
  const failed = checkOf('pre-deployment', { at: hoursAgo(1), verdict: 'failed', evidence: [...evidence] });
  const situation = situationOf([checkOf('pre-deployment'), failed]);
  t.match(requirementsOf({ type: 'deploy', stage: 'isolated' }, situation)[1]?.detail, /failed on .+: disk/);
});

t.test('a failed deployment is not one', async (t) => {
  const failed = deploymentOf('isolated', { verdict: 'failed', at: hoursAgo(1) });
  t.equal(nextOf(situationOf([checkOf('pre-deployment'), failed])), 'deploy: isolated');
});

t.test('what is not committed is not what was signed', async (t) => {
  const uncommitted = ['a.ts', 'b.ts', 'c.ts', 'd.ts'];
  const [first] = requirementsOf({ type: 'check', checkpoint: 'pre-deployment' }, situationOf([], { uncommitted }));
  t.match(first, { level: 'critical', detail: 'not committed: a.ts, b.ts, c.ts and 1 more' });
});

t.test('the status names the next command, or what it lacks', async (t) => {
  const text = (situation: Situation) => describeStatus(statusOf(situation), ['rollout/records/x.json']);
  t.match(text(situationOf([])), /roll-out of commit aaaaaaaaaaaa\n/);
  t.match(text(situationOf([])), 'next: check: pre-deployment (npm run rollout -- check)');
  t.match(text(situationOf([])), '! rollout/records/x.json is no record');
  t.match(text(situationOf(UP_TO_INTEGRATION)), /next: deploy: canary, for which is missing: sign-off technical, /);
  const done = [
    ...UP_TO_INTEGRATION,
    ...SIGNED,
    deploymentOf('canary', { at: hoursAgo(0.9) }),
    checkOf('production', { at: hoursAgo(0.8) }),
    deploymentOf('production', { at: hoursAgo(0.7) }),
  ];
  t.match(text(situationOf(done)), /all done$/);
  t.equal(statusOf(situationOf(done)).commit, COMMIT);
});
