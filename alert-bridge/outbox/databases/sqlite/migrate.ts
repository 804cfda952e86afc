// Brings a file to the schema of this version, and opens one that a later version wrote where that did nothing but add: a
// roll-back of the program must not need a roll-back of the data.
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../../../common/errors.ts';
import { SQLITE_MIGRATIONS } from '../migrations.ts';

export interface Schema {
  /** Each adds to the one before; `user_version` counts those applied. */
  readonly migrations: readonly string[];
  /**
   * How many migrations a program must know to work on a file that has seen all of them. Stays as long as migrations only
   * add (tables, indices, columns that may be left out); one that does more raises it to its own number.
   */
  readonly compatibleFrom: number;
}

export const SCHEMA: Schema = { migrations: SQLITE_MIGRATIONS, compatibleFrom: 1 };

const RECORD = `
  CREATE TABLE IF NOT EXISTS schema_compatibility (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    compatible_from INTEGER NOT NULL
  ) STRICT`;

/** @throws AppError OUTBOX_TOO_NEW when a later version wrote it and this one could not work on it */
export function migrate(database: DatabaseSync, path: string, { migrations, compatibleFrom }: Schema): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > migrations.length) {
    // What the later version added stays, and so does its number: that version must not add it twice.
    const least = readCompatibleFrom(database) ?? version;
    if (least <= migrations.length) return;
    throw new AppError(
      'OUTBOX_TOO_NEW',
      `${path} has schema ${version}, which needs a version that knows schema ${least}; this one knows ${migrations.length}: run the newer version, or restore the backup taken before the upgrade`,
    );
  }
  // Recorded first: after a migration that was cut short, an older version must know what it finds.
  if (readCompatibleFrom(database) !== compatibleFrom) {
    database.exec(
      `BEGIN IMMEDIATE; ${RECORD}; INSERT OR REPLACE INTO schema_compatibility VALUES (1, ${compatibleFrom}); COMMIT;`,
    );
  }
  migrations.slice(version).forEach((migration, index) => {
    database.exec(`BEGIN IMMEDIATE; ${migration}; PRAGMA user_version = ${version + index + 1}; COMMIT;`);
  });
}

/** `undefined` in a file from before this was recorded. */
function readCompatibleFrom(database: DatabaseSync): number | undefined {
  const isRecorded = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'schema_compatibility'`).get();
  if (isRecorded === undefined) return undefined;
  const least = database.prepare('SELECT compatible_from FROM schema_compatibility').get()?.compatible_from;
  return typeof least === 'number' ? least : undefined;
}
