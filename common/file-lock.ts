// A lock between processes: SQLite's own lock on a file. The kernel lets go of it when its holder ends, however it ends, so
// no lock is ever left behind.
import { DatabaseSync } from 'node:sqlite';

export interface FileLock {
  release(): void;
}

/** What SQLite answers while another connection has the lock. */
const SQLITE_BUSY = 5;

/** Locks held by this process: one that nothing refers to would be collected as garbage, and released. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock at once: `undefined` while another process has it. The file is made where there is none, and stays.
 * @throws Error of node:sqlite when the file cannot be opened or written
 */
export function takeFileLock(path: string): FileLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      held.delete(database);
      database.close();
    },
  };
}

/** Whether another process has the lock of this file; `true` also where that cannot be tried. */
export function isFileLocked(path: string): boolean {
  try {
    const lock = takeFileLock(path);
    lock?.release();
    return lock === undefined;
  } catch {
    return true;
  }
}
