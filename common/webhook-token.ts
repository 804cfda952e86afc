// The webhook's credential where nobody gave one: made at first start and kept in DATA_DIR/secrets, readable by us alone.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorText } from './errors.ts';
import { makeDirectory } from './make-directory.ts';

/** @throws AppError CONFIG_INVALID when the file can neither be read nor made. */
export function resolveWebhookToken(dataDir: string): string {
  const path = join(dataDir, 'secrets', 'webhook-token');
  try {
    makeDirectory(join(dataDir, 'secrets'), 0o700);
    // `wx` decides between two processes that start at once: one writes, both read.
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isExisting(error)) throw cannot(path, error);
  }
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token.length >= 8) return token;
  } catch (error) {
    throw cannot(path, error);
  }
  throw new AppError(
    'CONFIG_INVALID',
    `${path} holds no token: delete it to have a new one made, or set BRIDGE_WEBHOOK_TOKEN`,
  );
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function cannot(path: string, cause: unknown): AppError {
  return new AppError(
    'CONFIG_INVALID',
    `cannot keep the webhook token in ${path} (${errorText(cause)}): set BRIDGE_WEBHOOK_TOKEN or make the folder writable`,
    { cause },
  );
}
