// A consistent copy of a database that is in use, and putting such a copy in place. Knows nothing of what is in it.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { AppError, errorText } from '../../common/errors.ts';

export interface DatabaseState {
  /** `ok`, or SQLite's first complaints. */
  readonly integrity: string;
  /** `user_version`: how many migrations it has seen. */
  readonly schema: number;
}

/** SQLite's online backup: one moment, though the owner goes on writing. @throws AppError BACKUP_FAILED */
export async function backUpDatabase(source: string, target: string): Promise<true> {
  mkdirSync(dirname(target), { recursive: true });
  const database = new DatabaseSync(source, { readOnly: true, timeout: 5_000 });
  try {
    await backup(database, target);
    return true;
  } catch (cause) {
    rmSync(target, { force: true });
    throw new AppError('BACKUP_FAILED', `${source} could not be copied (${errorText(cause)})`, { cause });
  } finally {
    database.close();
  }
}

/** What SQLite itself says about a file; never throws, because a damaged file is an answer. */
export function inspectDatabase(path: string): DatabaseState {
  if (!existsSync(path)) return { integrity: 'missing', schema: 0 };
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    const rows = database.prepare('PRAGMA integrity_check(5)').all();
    const schema = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
    return { integrity: rows.map((row) => String(row.integrity_check)).join('; '), schema };
  } catch (error) {
    return { integrity: errorText(error), schema: 0 };
  } finally {
    database?.close();
  }
}

/** Replaces a database that nobody has open. Its old journal must go with it, or SQLite would play it into the new file. */
export function putDatabase(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, `${target}.new`);
  for (const suffix of ['-wal', '-shm']) rmSync(`${target}${suffix}`, { force: true });
  renameSync(`${target}.new`, target);
}
