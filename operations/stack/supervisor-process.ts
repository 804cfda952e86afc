// The supervisor of a native stack as another process sees it: who holds the data directory, and how to end it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { isFileLocked } from '../../common/file-lock.ts';
import { isAlive, waitForLeftovers } from '../../engines/run-state.ts';

/** Its own stop takes 9.7 s at most. */
const STOP_LIMIT_MS = 12_000;

/** The process that holds the data directory; `undefined` when nobody does, whatever the pid file says. */
export function supervisorPid(dataDir: string): number | undefined {
  const lock = join(dataDir, 'run', 'supervisor.lock');
  if (!existsSync(lock) || !isFileLocked(lock)) return undefined;
  const pid = Number(readFileSync(join(dataDir, 'run', 'supervisor.pid'), 'utf8'));
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/**
 * Asks it to stop everything in order, and kills it when it does not; its programs then end by themselves.
 * @throws AppError STOP_FAILED when something is still there afterwards
 */
export async function stopSupervisor(dataDir: string): Promise<void> {
  const pid = supervisorPid(dataDir);
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  if (await isGone(dataDir, pid, STOP_LIMIT_MS)) return;
  process.kill(pid, 'SIGKILL');
  await waitForLeftovers(dataDir, () => undefined);
  if (!(await isGone(dataDir, pid, 1_000))) throw new AppError('STOP_FAILED', `process ${pid} could not be ended`);
}

/** It lets go of the data a moment before it ends itself. */
async function isGone(dataDir: string, pid: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 50) {
    if (supervisorPid(dataDir) === undefined && !isRunning(pid)) return true;
    await delay(50);
  }
  return false;
}

/** One that has ended and waits for its parent to notice (a zombie) does not run. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return existsSync('/proc/self') ? false : isAlive(pid);
  }
}
