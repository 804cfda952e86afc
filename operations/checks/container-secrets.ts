// Secrets given as files must be readable by the user of the container that needs them, and by few others.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, critical, ok, warning } from '../check-result.ts';

/** The user of our images, to whom `preflight` hands the files. */
const CONTAINER_ID = 10_001;
const NOT_SECRETS: ReadonlySet<string> = new Set(['README.md', '.gitignore']);

export async function containerSecretsCheck(directory: string): Promise<CheckResult> {
  let names: readonly string[];
  try {
    names = readdirSync(directory).filter((name) => !NOT_SECRETS.has(name));
  } catch {
    return critical('secrets', `${directory} cannot be read`, `mkdir -p ${directory}`);
  }
  const unreadable = names.filter((name) => !isReadable(join(directory, name)));
  if (unreadable.length > 0) {
    const files = unreadable.map((name) => join(directory, name)).join(' ');
    return critical(
      'secrets',
      `user ${CONTAINER_ID} of the containers cannot read ${files}`,
      `chown ${CONTAINER_ID} ${files}`,
    );
  }
  const open = names.filter((name) => (statSync(join(directory, name)).mode & 0o004) !== 0);
  const detail =
    names.length === 0 ? 'none given: what is needed is made' : `${names.join(', ')} readable by the containers`;
  if (open.length === 0) return ok('secrets', detail);
  return warning(
    'secrets',
    `everybody on this machine can read ${open.join(', ')}`,
    `chown ${CONTAINER_ID} and chmod 400 them`,
  );
}

function isReadable(path: string): boolean {
  const { mode, uid, gid, size } = statSync(path);
  if (size === 0) return false;
  if (uid === CONTAINER_ID) return (mode & 0o400) !== 0;
  return gid === CONTAINER_ID ? (mode & 0o040) !== 0 : (mode & 0o004) !== 0;
}
