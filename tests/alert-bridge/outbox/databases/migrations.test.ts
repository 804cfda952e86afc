// A migration that is released has run on somebody's data: what comes later is a file of its own.
import { createHash } from 'node:crypto';
import t from 'tap';
import { POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS } from '../../../../alert-bridge/outbox/databases/migrations.ts';

/** Of the statements alone: comments and spaces may change. */
function digest(migration: string): string {
  const statements = migration.replaceAll(/--.*/g, '').replaceAll(/\s+/g, ' ').trim();
  return createHash('sha256').update(statements).digest('hex').slice(0, 16);
}

for (const [name, migrations, released] of [
  ['SQLite', SQLITE_MIGRATIONS, ['7f7685f1847e953c', '50bcb8975c3c99bf', '55de9c58ff0fff55']],
  ['PostgreSQL', POSTGRES_MIGRATIONS, ['b2212e01a37db955']],
] as const) {
  t.test(`released migrations of ${name} stay as they are, in their order`, (t) => {
    t.same(migrations.slice(0, released.length).map(digest), released);
    t.end();
  });
}
