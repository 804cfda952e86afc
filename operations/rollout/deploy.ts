// rollout deploy: the next stage, when everything before it is there; otherwise exactly what is missing.
import { join } from 'node:path';
import { type CheckResult, critical, describeCheckResults, ok, worstOf } from '../check-result.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { runExternal } from '../external.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { runHook } from './hooks.ts';
import { keepRecord, whoAmI } from './ledger.ts';
import { requirementsOf, type Situation } from './progress.ts';
import { stageEnvironment } from './stage-environment.ts';
import { STAGE_VARIABLE } from './stage-in-force.ts';
import { nameOf, STAGE_PLANS, type Stage } from './steps.ts';

export interface Deployment {
  readonly stage: Stage;
  readonly situation: Situation;
  /** `--native` or `--core`, handed on. */
  readonly flags: readonly string[];
  readonly isDryRun: boolean;
  readonly isCommitting: boolean;
}

const LIMIT_MS = 600_000;

export async function deploy(site: Site, stack: Stack, wishes: Deployment): Promise<ExitCode> {
  const { stage, situation, isDryRun, isCommitting } = wishes;
  const { say } = site;
  const missing = requirementsOf({ type: 'deploy', stage }, situation).filter(({ level }) => level === 'critical');
  if (missing.length > 0) {
    say(
      `${nameOf({ type: 'deploy', stage })} is refused; nothing was changed. Missing:\n${describeCheckResults(missing)}`,
    );
    return EXIT.refused;
  }
  const environment = { ...site.environment, ...stageEnvironment(stage, site.environment), [STAGE_VARIABLE]: stage };
  say(`${nameOf({ type: 'deploy', stage })}: ${STAGE_PLANS[stage].words}`);
  if (isDryRun) {
    say('everything that is required is there; --dry-run changes nothing');
    return EXIT.ok;
  }
  const { commit } = situation.ledger;
  const facts = { STAGE: stage, COMMIT: commit, MODE: stack.mode };
  const before = await runHook(site, 'pre_deploy', facts);
  if (worstOf(before)?.level === 'critical') {
    say(`refused by the hook; nothing was changed\n${describeCheckResults(before)}`);
    return EXIT.refused;
  }
  const started = await restart({ ...site, environment }, stack, wishes.flags);
  const after = started.level === 'ok' ? await runHook(site, 'post_deploy', facts) : [];
  const evidence = [...before, started, ...after];
  const isDone = worstOf(evidence)?.level !== 'critical';
  say(describeCheckResults(evidence));
  const kept = await keepRecord(
    site.checkout,
    {
      format: 1,
      type: 'deployment',
      commit,
      at: new Date(situation.now).toISOString(),
      by: await whoAmI(site.checkout),
      stage,
      mode: stack.mode,
      verdict: isDone ? 'passed' : 'failed',
      evidence,
    },
    isCommitting,
  );
  say(kept);
  if (isDone) return EXIT.ok;
  say('it may run all the same: scripts/deployment/health_check.sh says so, rollback.sh --to NAME leads back');
  return EXIT.failed;
}

/** Programs on this machine read their settings at their start; compose renews what has changed by itself. */
async function restart({ checkout, environment }: Site, stack: Stack, flags: readonly string[]): Promise<CheckResult> {
  const name = 'started and answering';
  const run = (script: string, ...args: readonly string[]) =>
    runExternal([join(checkout, 'scripts', 'deployment', script), ...flags, ...args], {
      cwd: checkout,
      env: environment,
      timeoutMs: LIMIT_MS,
    });
  const isRenewing = stack.mode === 'native' && (await stack.isRunning());
  if (isRenewing) {
    const stopped = await run('stop_monitoring.sh');
    if (stopped.code !== EXIT.ok && stopped.code !== EXIT.different) {
      return critical(name, lastWords(stopped.stderr || stopped.stdout), 'stop_monitoring.sh');
    }
  }
  const startedAt = performance.now();
  const { code, stdout, stderr } = await run('start_monitoring.sh');
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  if (code !== EXIT.ok) return critical(name, lastWords(`${stdout}${stderr}`), 'start_monitoring.sh --dry-run');
  const point = /roll-back point (\S+)/.exec(stdout)?.[1];
  return ok(name, `${seconds} s with all checks; way back: rollback.sh --to ${point ?? 'original'}`);
}

function lastWords(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n');
}
