// One watcher for each data directory: two would take every step twice. The file with the holder's process id is for
// people.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileLock, takeFileLock } from '../../common/file-lock.ts';
import { makeDirectory } from '../../common/make-directory.ts';

/** `undefined` while another watcher has it. */
export function lockWatch(dataDir: string): FileLock | undefined {
  const folder = join(dataDir, 'operations');
  makeDirectory(folder);
  const lock = takeFileLock(join(folder, 'rollback-watch.lock'));
  if (lock === undefined) return undefined;
  const holder = join(folder, 'rollback-watch.pid');
  writeFileSync(holder, `${process.pid}\n`);
  return {
    release() {
      rmSync(holder, { force: true });
      lock.release();
    },
  };
}
