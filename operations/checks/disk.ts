// Room on the disk that holds the state: below 90 % used (OPS-3) and a gigabyte to begin with.
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CheckResult, critical, ok, warning } from '../check-result.ts';

const LEAST_FREE_MB = 1_024;
const MOST_USED = 0.9;
const MUCH_USED = 0.8;
const MB = 1_048_576;

export interface DiskUse {
  readonly freeMb: number;
  /** 0 to 1, as an unprivileged program sees it. */
  readonly usedRatio: number;
}

/** @param path need not exist yet; its nearest existing parent counts */
export async function diskCheck(path: string, read: (path: string) => DiskUse = readDisk): Promise<CheckResult> {
  const { freeMb, usedRatio } = read(path);
  const seen = `${(usedRatio * 100).toFixed(0)} % used, ${Math.floor(freeMb)} MB free at ${path}`;
  const mend = 'free some space (old logs, docker image prune), or choose another place with DATA_DIR';
  if (usedRatio > MOST_USED || freeMb < LEAST_FREE_MB) return critical('disk', seen, mend);
  return usedRatio > MUCH_USED ? warning('disk', seen, mend) : ok('disk', seen);
}

export function readDisk(path: string): DiskUse {
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bfree, blocks, bsize } = statfsSync(existing);
  const used = blocks - bfree;
  return { freeMb: (bavail * bsize) / MB, usedRatio: used + bavail === 0 ? 0 : used / (used + bavail) };
}
