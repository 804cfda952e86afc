// One supervisor per data directory. The file with the holder's process id is for people and for whoever stops it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { type FileLock, takeFileLock } from '../common/file-lock.ts';

/**
 * Takes the data directory for this process.
 * @param runDir the existing folder `run` in the data directory
 * @throws AppError DATA_IN_USE naming the other process
 */
export function lockData(runDir: string): FileLock {
  const holderFile = join(runDir, 'supervisor.pid');
  const lock = takeFileLock(join(runDir, 'supervisor.lock'));
  if (lock === undefined) {
    const holder = readHolder(holderFile);
    throw new AppError(
      'DATA_IN_USE',
      `another instance${holder ? ` (process ${holder})` : ''} is already running on ${join(runDir, '..')}. ` +
        'Stop it first, or give this one a directory and ports of its own: DATA_DIR=…',
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return lock;
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
