// The credential between Alertmanager and the bridge: the user's own where one is given, else made at first start.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../../common/env.ts';

/**
 * Returns the file that holds the token Alertmanager sends. Files made here are readable by their owner alone.
 * During a rotation the variable may list the new and the old token, separated by a comma: Alertmanager sends the first.
 */
export function webhookTokenFile(environment: Environment, dataDir: string): string {
  const given = environment.BRIDGE_WEBHOOK_TOKEN?.trim() || readGiven(environment.BRIDGE_WEBHOOK_TOKEN_FILE?.trim());
  const directory = join(dataDir, 'secrets');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (given) {
    const path = join(directory, 'webhook-token-given');
    writeFileSync(path, given.split(',')[0]?.trim() ?? '', { mode: 0o600 });
    return path;
  }
  const path = join(directory, 'webhook-token');
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return path;
}

function readGiven(path: string | undefined): string | undefined {
  return path ? readFileSync(resolve(path), 'utf8').trim() : undefined;
}
