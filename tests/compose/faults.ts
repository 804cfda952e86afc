// Makes the faults that a host makes: processes that die, and processes of ours that hang.
import { setTimeout as delay } from 'node:timers/promises';
import { type Claims, waitFor } from './claims.ts';
import { type ComposeProject, type ContainerFacts, docker, processesOf, runBeside, signalProcess } from './engine.ts';

const BACK_WITHIN_MS = 30_000;
/** Fifteen seconds of a stalled loop, then the restart. */
const STALL_LIMIT_MS = 45_000;
const READY_AFTER_PEAK_MS = 60_000;
/** People who open every dashboard at the same time. */
const READERS = 4;
const PEAK_AFTER_MS = 5_000;

/** What Docker puts before our process as its process 1, by the names it has had. */
const INIT = /init|tini/;

/** What says over HTTP that a service does its work again. */
export type Readiness = Readonly<Record<string, () => Promise<boolean>>>;

export async function killEach(claims: Claims, project: ComposeProject, readiness: Readiness): Promise<void> {
  for (const [service, isReady] of Object.entries(readiness)) {
    await claims.claim(`${service}, killed, is back within 30 s`, async () => {
      const before = await kill(project, service);
      await comesBack(project, service, before.State.StartedAt, BACK_WITHIN_MS, isReady);
      return undefined;
    });
  }
}

/** At its peak: while the rules run and every panel of the dashboards is asked several times at once. */
export async function killAtPeak(
  claims: Claims,
  project: ComposeProject,
  askEverything: () => Promise<unknown>,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const service = 'prometheus';
  await claims.claim('Prometheus, killed at its peak, is ready within 60 s and never ran out of memory', async () => {
    const asking = Promise.allSettled(Array.from({ length: READERS }, askEverything));
    await Promise.race([asking, delay(PEAK_AFTER_MS)]);
    const { text } = await docker(
      'stats',
      '--no-stream',
      '--format',
      '{{.MemUsage}}',
      (await project.inspect(service)).Id,
    );
    const before = await kill(project, service);
    const killedAt = performance.now();
    await comesBack(project, service, before.State.StartedAt, READY_AFTER_PEAK_MS, isReady);
    console.log(`       at ${text.trim()}; ready after ${((performance.now() - killedAt) / 1_000).toFixed(1)} s`);
    await asking;
    const { State } = await project.inspect(service);
    return before.State.OOMKilled || State.OOMKilled ? 'it was killed for its memory' : undefined;
  });
}

/** @returns what it was before */
async function kill(project: ComposeProject, service: string): Promise<ContainerFacts> {
  const before = await project.inspect(service);
  for (const { pid, name } of await processesOf(before.Id)) {
    // The init ends by itself when its child does.
    if (!INIT.test(name)) await signalProcess(pid, 'SIGKILL');
  }
  return before;
}

export async function stallOurs(claims: Claims, project: ComposeProject, readiness: Readiness): Promise<void> {
  for (const service of ['exporter', 'alert-bridge']) {
    await claims.claim(`${service}, its event loop stalled, leaves and returns`, async () => {
      const before = await project.inspect(service);
      const node = (await processesOf(before.Id)).find(({ name }) => !INIT.test(name));
      if (!node) return 'no node process was found in it';
      await signalProcess(node.pid, 'SIGUSR1');
      await waitFor('its inspector', 10_000, async () => {
        await runBeside(before.Id, 'stall.ts');
        return true;
      });
      await comesBack(project, service, before.State.StartedAt, STALL_LIMIT_MS, readiness[service]);
      const { text } = await docker('logs', '--tail', '200', before.Id);
      return text.includes('event loop stalled') ? undefined : 'it ended without saying why';
    });
  }
}

async function comesBack(
  project: ComposeProject,
  service: string,
  startedBefore: string,
  limitMs: number,
  isReady: (() => Promise<boolean>) | undefined,
): Promise<void> {
  await waitFor(`${service} to run and answer again`, limitMs, async () => {
    const { State } = await project.inspect(service);
    if (State.Status !== 'running' || State.StartedAt === startedBefore) return undefined;
    return isReady === undefined || (await isReady()) ? true : undefined;
  });
}
