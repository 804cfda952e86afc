// Waiting for a condition instead of for a time.
import { setTimeout as delay } from 'node:timers/promises';

/** @throws Error naming what did not come true in time */
export async function waitUntil(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 20) {
    if (await isTrue()) return;
    await delay(20);
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Whether a process, or with a negative number any process of a group, is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
