// Points go by count and age. A named one stays until somebody deletes its folder: a person wanted it.
import { rmSync } from 'node:fs';
import { createSystemClock } from '../../common/clock.ts';
import { listPoints } from './manifest.ts';
import { AUTOMATIC_PREFIX, pointDirectory } from './point-name.ts';

export interface Retention {
  readonly keep: number;
  readonly maxAgeDays: number;
}

export const RETENTION: Retention = { keep: 10, maxAgeDays: 30 };
/** However old: the last ones may be the only way back. */
const ALWAYS_KEPT = 3;
const DAY_MS = 86_400_000;

/** @returns the names that went */
export function prunePoints(dataDir: string, say: (line: string) => void, retention = RETENTION): readonly string[] {
  const now = createSystemClock().wallNow();
  const newestFirst = listPoints(dataDir)
    .filter(({ name }) => name.startsWith(AUTOMATIC_PREFIX))
    .toReversed();
  const gone = newestFirst.filter(({ createdAt }, index) => {
    const isOld = now - Date.parse(createdAt) > retention.maxAgeDays * DAY_MS;
    return index >= retention.keep || (isOld && index >= ALWAYS_KEPT);
  });
  for (const { name } of gone) {
    rmSync(pointDirectory(dataDir, name), { recursive: true });
    say(`– roll-back point ${name} is past its time and was removed`);
  }
  return gone.map(({ name }) => name);
}
