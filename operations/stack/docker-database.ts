// The bridge's database where it lies in a volume: read and written by a container of the bridge's own image, made for it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { Compose } from './compose.ts';

const IMAGE = 'derivatives-alerts/alert-bridge:0.1.0';
const FILE = '/data/bridge/outbox.sqlite';

/** Base64, because a container's output may pass through a terminal's rules on its way. */
const READ = `
const { DatabaseSync, backup } = require('node:sqlite');
const { existsSync, readFileSync } = require('node:fs');
(async () => {
  if (!existsSync('${FILE}')) return;
  const database = new DatabaseSync('${FILE}', { readOnly: true, timeout: 5000 });
  await backup(database, '/tmp/copy.sqlite');
  database.close();
  process.stdout.write(readFileSync('/tmp/copy.sqlite').toString('base64'));
})();`;

const WRITE = `
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
mkdirSync('/data/bridge', { recursive: true });
writeFileSync('${FILE}.new', Buffer.from(readFileSync(0, 'utf8'), 'base64'));
for (const suffix of ['-wal', '-shm']) rmSync('${FILE}' + suffix, { force: true });
renameSync('${FILE}.new', '${FILE}');`;

export async function readDatabaseFrom(compose: Compose, target: string): Promise<boolean> {
  const volume = await compose.docker(['volume', 'inspect', volumeOf(compose)]);
  if (volume.code !== 0) return false;
  const { code, stdout, stderr } = await compose.docker([...inContainer(compose), 'node', '-e', READ]);
  if (code !== 0) throw new AppError('BACKUP_FAILED', `the bridge's database could not be copied: ${stderr.trim()}`);
  if (stdout === '') return false;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, Buffer.from(stdout, 'base64'));
  return true;
}

export async function writeDatabaseTo(compose: Compose, source: string): Promise<void> {
  const encoded = readFileSync(source).toString('base64');
  const command = [...inContainer(compose), 'node', '-e', WRITE];
  const { code, stderr } = await compose.docker(command, { input: encoded });
  if (code !== 0) throw new AppError('RESTORE_FAILED', `the bridge's database could not be written: ${stderr.trim()}`);
}

function volumeOf({ project }: Compose): string {
  return `${project}_bridge-data`;
}

function inContainer(compose: Compose): readonly string[] {
  const limits = ['--rm', '-i', '--network', 'none', '--user', '10001:10001', '--memory', '256m'];
  return ['run', ...limits, '-v', `${volumeOf(compose)}:/data`, '--entrypoint', '', IMAGE];
}
