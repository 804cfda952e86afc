// One supervisor per data directory. SQLite's file lock does it: the kernel lets go of it when its holder dies, however it
// dies, so there is no stale lock to judge.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, errorText } from '../common/errors.ts';

export interface DataLock {
  release(): void;
}

/**
 * Takes the data directory for this process.
 * @param runDir the existing folder `run` in the data directory
 * @throws AppError DATA_IN_USE naming the other process
 */
export function lockData(runDir: string): DataLock {
  const holderFile = join(runDir, 'supervisor.pid');
  const database = new DatabaseSync(join(runDir, 'supervisor.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const holder = readHolder(holderFile);
    throw new AppError(
      'DATA_IN_USE',
      `another instance${holder ? ` (process ${holder})` : ''} is already running on ${join(runDir, '..')}. ` +
        `Stop it first, or give this one a directory and ports of its own: DATA_DIR=… (${errorText(error)})`,
      { cause: error },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return { release: () => database.close() };
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
