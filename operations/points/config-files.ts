// The files of a checkout that say how the stack behaves, copied into a roll-back point and back.
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withoutSecrets, withSecretsOf } from './env-file.ts';

/** Folders that belong to a point as a whole: what was added to one later goes on a roll-back. */
const FOLDERS = ['prometheus', 'alertmanager', 'grafana', 'docker'];
const COMPOSE_FILES = 'docker-compose*.yml';
/** The services as they run without containers; for reading their stack traces not needed. */
const BUNDLES = ['dist/exporter.js', 'dist/alert-bridge.js'];
const SECRETS = join('docker', 'secrets');
const ENV = '.env';

/** Copies them below `target`, without any secret. */
export function saveConfigFiles(checkout: string, target: string): void {
  for (const path of [...FOLDERS, ...globSync(COMPOSE_FILES, { cwd: checkout }), ...BUNDLES]) {
    if (existsSync(join(checkout, path))) copy(checkout, target, path);
  }
  if (existsSync(join(checkout, ENV))) {
    writeFileSync(join(target, ENV), withoutSecrets(readFileSync(join(checkout, ENV), 'utf8')));
  }
}

/** Puts them back; secrets stay as they are in the checkout. */
export function restoreConfigFiles(source: string, checkout: string): void {
  for (const folder of FOLDERS) {
    if (existsSync(join(source, folder))) removeAdded(source, checkout, folder);
  }
  for (const path of [...FOLDERS, ...globSync(COMPOSE_FILES, { cwd: source }), ...BUNDLES]) {
    if (existsSync(join(source, path))) copy(source, checkout, path);
  }
  const kept = join(source, ENV);
  if (!existsSync(kept)) return;
  const present = join(checkout, ENV);
  const text = existsSync(present) ? readFileSync(present, 'utf8') : '';
  const merged = withSecretsOf(readFileSync(kept, 'utf8'), text);
  if (merged !== text) writeFileSync(present, merged);
}

function copy(from: string, to: string, path: string): void {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  const secrets = join(from, SECRETS);
  cpSync(join(from, path), join(to, path), { recursive: true, filter: (file) => !isInside(file, secrets) });
}

function removeAdded(source: string, checkout: string, folder: string): void {
  for (const path of globSync(`${folder}/**/*`, { cwd: checkout })) {
    const isSecret = isInside(join(checkout, path), join(checkout, SECRETS));
    if (!isSecret && !existsSync(join(source, path))) rmSync(join(checkout, path), { recursive: true, force: true });
  }
}

function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}
