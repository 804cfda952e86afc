// Brings the database to the schema of this version, one bridge at a time; and accepts one that a later version wrote where
// that did nothing but add, so that bridges of two versions may run side by side during an upgrade.
import type { ClientBase } from 'pg';
import { AppError } from '../../../../common/errors.ts';
import { POSTGRES_MIGRATIONS } from '../migrations.ts';
import { lockKey } from './locks.ts';

export interface Schema {
  /** Each adds to the one before; `schema_version` counts those applied. */
  readonly migrations: readonly string[];
  /** How many migrations a program must know to work on a database that has seen all of them. */
  readonly compatibleFrom: number;
}

export const SCHEMA: Schema = { migrations: POSTGRES_MIGRATIONS, compatibleFrom: 1 };

/** @throws AppError OUTBOX_TOO_NEW when a later version wrote it and this one could not work on it */
export async function migrate(client: ClientBase, { migrations, compatibleFrom }: Schema): Promise<void> {
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${lockKey('migrate')})`);
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL, compatible_from BIGINT NOT NULL)',
    );
    const { rows } = await client.query('SELECT version, compatible_from FROM schema_version');
    const [version, least] = [Number(rows[0]?.version ?? 0), Number(rows[0]?.compatible_from ?? 0)];
    if (version > migrations.length && least > migrations.length) {
      throw new AppError(
        'OUTBOX_TOO_NEW',
        `the database of BRIDGE_DATABASE_URL has schema ${version}, which needs a version that knows schema ${least}; this one knows ${migrations.length}: run the newer version`,
      );
    }
    for (const migration of migrations.slice(version)) await client.query(migration);
    if (version < migrations.length) {
      await client.query('DELETE FROM schema_version');
      await client.query('INSERT INTO schema_version VALUES ($1, $2)', [migrations.length, compatibleFrom]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
