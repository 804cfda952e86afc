// rollout check: the machine checks of a checkpoint, kept in git with everything that was seen.

import { type CheckResult, describeCheckResults, worstOf } from '../check-result.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { type Checkpoint, verdictOf } from '../validation/checkpoint.ts';
import { runCheckpoint } from '../validation/run-checkpoint.ts';
import { writeReports } from '../validation/write-reports.ts';
import { keepRecord, whoAmI } from './ledger.ts';
import { observe } from './observe.ts';
import { judgeObserving } from './observing.ts';
import { deployedAt, requirementsOf, type Situation } from './progress.ts';
import { stageEnvironment } from './stage-environment.ts';
import { LOOKS_AT } from './steps.ts';
import { lookAtTranscripts } from './transcripts.ts';

export interface CheckOptions {
  readonly checkpoint: Checkpoint;
  readonly situation: Situation;
  readonly isCommitting: boolean;
  readonly signal: AbortSignal;
}

export async function check(site: Site, stack: Stack, wishes: CheckOptions): Promise<ExitCode> {
  const { checkpoint, situation, signal } = wishes;
  const { say, checkout } = site;
  const missing = requirementsOf({ type: 'check', checkpoint }, situation).filter(({ level }) => level === 'critical');
  if (missing.length > 0) {
    say(`check: ${checkpoint} is refused. Missing:\n${describeCheckResults(missing)}`);
    return EXIT.refused;
  }
  const { commit } = situation.ledger;
  const stage = LOOKS_AT[checkpoint];
  // An isolated deployment is judged as what it is: without the existing service.
  const seen = stage === 'isolated' ? { ...site.environment, ...stageEnvironment(stage, site.environment) } : undefined;
  const startedAt = new Date(situation.now).toISOString();
  const machine = await runCheckpoint(checkpoint, { ...site, environment: seen ?? site.environment }, stack, signal);
  const evidence: readonly CheckResult[] = [...machine, ...(await lookFurther(site, stack, wishes))];
  say(`${checkpoint}\n${describeCheckResults(evidence)}`);
  const checks = evidence.map((finding) => ({ ...finding, checkpoint }));
  const page = writeReports(stack.dataDir, { startedAt, commit, mode: stack.mode, checks });
  const by = await whoAmI(checkout);
  const verdict = verdictOf(evidence);
  const record = {
    format: 1,
    type: 'check',
    commit,
    at: startedAt,
    by,
    checkpoint,
    mode: stack.mode,
    verdict,
  } as const;
  const kept = await keepRecord(checkout, { ...record, evidence: [...evidence] }, wishes.isCommitting);
  say(`\n${checkpoint} ${verdict}; ${kept}; ${page}`);
  if (verdict === 'failed') return EXIT.critical;
  return worstOf(evidence)?.level === 'warning' ? EXIT.warning : EXIT.ok;
}

/** What only a roll-out asks: a person's transcripts, and the time that the canary was watched. */
async function lookFurther(
  { checkout, environment }: Site,
  stack: Stack,
  { checkpoint, situation }: CheckOptions,
): Promise<readonly CheckResult[]> {
  if (checkpoint === 'integration') return [lookAtTranscripts(checkout, situation.ledger.commit, environment)];
  const since = deployedAt('canary', situation);
  if (checkpoint !== 'production' || since === undefined) return [];
  const wantedHours = situation.plan.observing_hours;
  return judgeObserving(await observe(stack, { since, now: situation.now, wantedHours }));
}
