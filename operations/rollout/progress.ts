// How far the roll-out of one commit has come, and what is missing for a step. Pure.
import { type CheckResult, critical, ok } from '../check-result.ts';
import type { Checkpoint } from '../validation/checkpoint.ts';
import { judgeSignoffs, type Question } from './judge-signoffs.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { CheckRecord, DeployRecord } from './record.ts';
import type { SignoffPlan } from './signoff-file.ts';
import { LOOKS_AT, nameOf, STAGE_PLANS, STAGES, STEPS, type Stage, type Step } from './steps.ts';

const HOUR_MS = 3_600_000;

export interface Situation {
  readonly ledger: Ledger;
  readonly plan: SignoffPlan;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One finding a step, in order. */
export function describeSteps(situation: Situation): readonly { readonly step: Step; readonly finding: CheckResult }[] {
  return STEPS.map((step) => ({
    step,
    finding: step.type === 'check' ? judgeCheck(step.checkpoint, situation) : judgeDeployment(step.stage, situation),
  }));
}

/** The first step that is not done; `undefined` at the end. */
export function nextStep(situation: Situation): Step | undefined {
  return describeSteps(situation).find(({ finding }) => finding.level !== 'ok')?.step;
}

/** What must hold before this step is taken; nothing `critical` in it means that it may be. */
export function requirementsOf(step: Step, situation: Situation): readonly CheckResult[] {
  const committed = judgeWorkingCopy(situation.ledger);
  if (step.type === 'check') {
    const stage = LOOKS_AT[step.checkpoint];
    return [committed, ...(stage === undefined ? [] : [judgeDeployment(stage, situation)])];
  }
  const upToHere = STAGES.slice(0, STAGES.indexOf(step.stage) + 1);
  const earlier = upToHere.flatMap((stage) => [
    judgeCheck(STAGE_PLANS[stage].after, situation),
    ...(stage === step.stage ? [] : [judgeDeployment(stage, situation)]),
  ]);
  const question: Question = { ...situation, ...situation.ledger };
  const signoffs = judgeSignoffs(question).filter(({ role }) => upToHere.includes(situation.plan.roles[role].before));
  return [committed, ...earlier, ...signoffs.map(({ finding }) => finding)];
}

/** When the stage was last deployed with success, milliseconds since 1970. */
export function deployedAt(stage: Stage, situation: Situation): number | undefined {
  const record = newestOf(situation, (candidate): candidate is DeployRecord => {
    return candidate.type === 'deployment' && candidate.stage === stage;
  });
  return record?.verdict === 'passed' ? Date.parse(record.at) : undefined;
}

function judgeCheck(checkpoint: Checkpoint, situation: Situation): CheckResult {
  const name = nameOf({ type: 'check', checkpoint });
  const mend = 'npm run rollout -- check';
  const record = newestOf(situation, (candidate): candidate is CheckRecord => {
    return candidate.type === 'check' && candidate.checkpoint === checkpoint;
  });
  if (record === undefined) return critical(name, 'not made for this commit', mend);
  const failed = record.evidence.filter(({ level }) => level === 'critical').map((finding) => finding.name);
  if (record.verdict === 'failed') return critical(name, `failed on ${record.at}: ${failed.join(', ')}`, mend);
  const stage = LOOKS_AT[checkpoint];
  const since = stage === undefined ? undefined : deployedAt(stage, situation);
  if (stage !== undefined && (since === undefined || Date.parse(record.at) < since)) {
    return critical(name, `of ${record.at}, before ${nameOf({ type: 'deploy', stage })} was made`, mend);
  }
  // What was deployed on the strength of a check has used it: it need not stay fresh for the stages after.
  const isUsed = STAGES.some((next) => {
    const usedAt = deployedAt(next, situation);
    return STAGE_PLANS[next].after === checkpoint && usedAt !== undefined && usedAt >= Date.parse(record.at);
  });
  const hours = (situation.now - Date.parse(record.at)) / HOUR_MS;
  if (!isUsed && hours > situation.plan.checks_valid_hours) {
    return critical(name, `passed ${hours.toFixed(0)} hours ago: too long (checks_valid_hours)`, mend);
  }
  return ok(name, `${record.evidence.length} checks passed on ${record.at} (${record.mode})`);
}

function judgeDeployment(stage: Stage, situation: Situation): CheckResult {
  const name = nameOf({ type: 'deploy', stage });
  const at = deployedAt(stage, situation);
  const mend = 'npm run rollout -- deploy';
  if (at === undefined) return critical(name, 'not made for this commit', mend);
  const before = STAGES[STAGES.indexOf(stage) - 1];
  const since = before === undefined ? undefined : deployedAt(before, situation);
  if (since !== undefined && since > at) {
    return critical(name, `made before the last ${nameOf({ type: 'deploy', stage: before ?? stage })}`, mend);
  }
  return ok(name, `${STAGE_PLANS[stage].words}; since ${new Date(at).toISOString()}`);
}

function judgeWorkingCopy({ commit, uncommitted }: Ledger): CheckResult {
  const name = 'what is signed is what runs';
  if (uncommitted.length === 0) return ok(name, `commit ${commit.slice(0, 12)}, nothing changed since`);
  const more = uncommitted.length > 3 ? ` and ${uncommitted.length - 3} more` : '';
  return critical(
    name,
    `not committed: ${uncommitted.slice(0, 3).join(', ')}${more}`,
    'commit or undo it: a sign-off speaks for a commit',
  );
}

function newestOf<Kind extends Entry['record']>(
  { ledger }: Situation,
  isWanted: (record: Entry['record']) => record is Kind,
): Kind | undefined {
  const records = ledger.entries.filter(({ fault }) => fault === undefined).map(({ record }) => record);
  return records
    .filter((record) => record.commit === ledger.commit)
    .filter(isWanted)
    .at(-1);
}
