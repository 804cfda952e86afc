// A PostgreSQL server for the tests of several bridges on one database; without one those tests skip themselves.
import { join } from 'node:path';
import { findPostgres } from './postgres-programs.ts';
import type { Outcome, Step } from './step.ts';

export function postgresStep(checkout: string): Step {
  return {
    name: 'postgres',
    title: 'PostgreSQL',
    async run(): Promise<Outcome> {
      const found = await findPostgres({ cacheDir: join(checkout, '.cache'), log: console.log, mayFetch: true });
      console.log(
        found
          ? `${found.postgres} ${found.version}`
          : 'no PostgreSQL: bridges on it are not tested (apt-get install postgresql)',
      );
      return { passed: found ? 1 : 0, failed: 0 };
    },
  };
}
