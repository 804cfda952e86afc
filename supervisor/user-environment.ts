// The environment of `npm start`: the shell's, and under it what an `.env` file says, as docker compose reads it too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../common/env.ts';

/** A variable of the shell wins over one of the file. */
export function readUserEnvironment(checkout: string, shell: Environment, say: (line: string) => void): Environment {
  const path = join(checkout, '.env');
  if (!existsSync(path)) return shell;
  const values = parseEnv(readFileSync(path, 'utf8'));
  say(`settings from ${path}: ${Object.keys(values).join(', ') || 'none'}`);
  return { ...values, ...shell };
}
