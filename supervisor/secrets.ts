// The credential between Alertmanager and the bridge, in a file that Alertmanager reads.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../common/env.ts';
import { AppError, errorText } from '../common/errors.ts';
import { resolveWebhookToken } from '../common/webhook-token.ts';

/**
 * Returns the file with the token that Alertmanager sends: the user's own where the environment gives one, else the one that
 * is made at first start. Files made here are readable by their owner alone.
 * @throws AppError CONFIG_INVALID when the token's file cannot be read or made
 */
export function webhookTokenFile(environment: Environment, dataDir: string): string {
  const made = join(dataDir, 'secrets', 'webhook-token');
  resolveWebhookToken(dataDir);
  const given = environment.BRIDGE_WEBHOOK_TOKEN?.trim() || readGiven(environment.BRIDGE_WEBHOOK_TOKEN_FILE?.trim());
  if (!given) return made;
  const path = `${made}-given`;
  writeFileSync(path, given, { mode: 0o600 });
  return path;
}

function readGiven(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(resolve(path), 'utf8').trim();
  } catch (error) {
    throw new AppError('CONFIG_INVALID', `BRIDGE_WEBHOOK_TOKEN_FILE: cannot read ${path} (${errorText(error)})`, {
      cause: error,
    });
  }
}
