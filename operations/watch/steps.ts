// Takes one step of the ladder on a stack, and says in words what it did. Every step may be taken twice without harm.
import type { AppError } from '../../common/errors.ts';
import { errorText } from '../../common/errors.ts';
import { worstOf } from '../check-result.ts';
import { ownershipOf } from '../deployment/ownership.ts';
import { compareSnapshots, describeComparison } from '../host/compare-snapshots.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import { readSnapshot } from '../host/snapshot-file.ts';
import { createPoint } from '../points/create.ts';
import { listPoints } from '../points/manifest.ts';
import { automaticName, ORIGINAL } from '../points/point-name.ts';
import { restorePoint } from '../points/restore.ts';
import { verifyPoint } from '../points/verify.ts';
import { withRollbackHooks } from '../rollout/rollback-hooks.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { holdBack } from './hold-back.ts';
import type { StepRequest, StepResult } from './step.ts';

export async function takeStep(site: Site, stack: Stack, wish: StepRequest, signal: AbortSignal): Promise<StepResult> {
  switch (wish.step) {
    case 'hold-back':
      return holdBack(stack.urls.alertmanager ?? '', wish);
    case 'stop-calling':
      await stack.stopCallingExisting(signal);
      return {
        outcome: 'The exporter no longer calls the existing service. Start again to let it.',
        isAlertingOff: false,
        details: [],
      };
    case 'roll-back': {
      const { result, said } = await withRollbackHooks(site, stack, wish.target, () =>
        rollBack(site, stack, wish, signal),
      );
      return { ...result, details: [...result.details, ...said.map(({ name, detail }) => `${name}: ${detail}`)] };
    }
  }
}

async function rollBack(site: Site, stack: Stack, wish: StepRequest, signal: AbortSignal): Promise<StepResult> {
  const point = wish.trigger === 'corruption' ? newestWithData(stack) : wish.target;
  if (point === undefined || point === ORIGINAL) return switchOff(site, stack, wish);
  try {
    const withData = wish.trigger === 'corruption';
    const { seconds, undoPoint } = await restorePoint(site, stack, { name: point, withData }, signal);
    return {
      outcome: `Rolled back to ${point} in ${seconds.toFixed(1)} s. Alerting runs.`,
      isAlertingOff: false,
      details: [`undo: rollback.sh --to ${undoPoint}`],
    };
  } catch (error) {
    const failed = `rolling back to ${point} failed (${errorText(error)}), so the stack was stopped`;
    const off = await switchOff(site, stack, wish);
    return { ...off, details: [failed, ...off.details] };
  }
}

/** The host without this stack. A point is kept where one can be: for afterwards, never as a condition. */
async function switchOff(site: Site, stack: Stack, { trigger, what }: StepRequest): Promise<StepResult> {
  const startedAt = performance.now();
  const name = automaticName();
  const kept = await createPoint(site, stack, {
    name,
    reason: `automatic roll-back: ${trigger}: ${what.slice(0, 80)}`,
  }).then(
    () => `what was running is kept as ${name}: logs, configuration, database`,
    (error: AppError) => `no roll-back point could be taken (${errorText(error)})`,
  );
  await stack.stop(false);
  const seconds = (performance.now() - startedAt) / 1_000;
  const before = readSnapshot(stack.dataDir);
  const comparison =
    before === undefined
      ? '– no snapshot from before the start to compare the host with'
      : describeComparison(await compareNow(site, stack, before));
  return {
    outcome: `The stack was stopped in ${seconds.toFixed(1)} s; the existing system is alone again.`,
    isAlertingOff: true,
    details: [kept, comparison],
  };
}

async function compareNow(site: Site, stack: Stack, before: NonNullable<ReturnType<typeof readSnapshot>>) {
  // Volumes stay on purpose: nothing of the data is thrown away without a person.
  const after = { ...(await takeSnapshot(site, stack.dataDir)), volumes: before.volumes };
  return compareSnapshots(before, after, ownershipOf(site, stack));
}

/** The newest point whose data are sound, by its own checksums too. */
function newestWithData({ dataDir, mode }: Stack): string | undefined {
  return listPoints(dataDir)
    .toReversed()
    .find((point) => {
      if (point.mode !== mode || point.database?.integrity !== 'ok') return false;
      return worstOf(verifyPoint(dataDir, point.name))?.level !== 'critical';
    })?.name;
}
