// The schemas as lists of migrations, in the order of their numbers. Each adds to the one before; none is changed once it is
// released. Read when this module loads; `scripts/bundle.ts` puts the texts into the bundle, which has no files beside it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SQLITE_MIGRATIONS = readMigrations('sqlite');
export const POSTGRES_MIGRATIONS = readMigrations('postgres');

function readMigrations(database: string): readonly string[] {
  const paths = globSync(join(import.meta.dirname, database, 'migrations', '*.sql'));
  return paths.toSorted().map((path) => readFileSync(path, 'utf8'));
}
