// One watcher for each data directory: two would take every step twice. SQLite's file lock ends with its holder; the file with
// the holder's process id is for people.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '../../common/make-directory.ts';

export interface WatchLock {
  release(): void;
}

/** `undefined` while another watcher has it. */
export function lockWatch(dataDir: string): WatchLock | undefined {
  const folder = join(dataDir, 'operations');
  makeDirectory(folder);
  const database = new DatabaseSync(join(folder, 'rollback-watch.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    const holder = join(folder, 'rollback-watch.pid');
    writeFileSync(holder, `${process.pid}\n`);
    return {
      release() {
        rmSync(holder, { force: true });
        database.close();
      },
    };
  } catch {
    database.close();
    return undefined;
  }
}
