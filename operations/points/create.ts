// Takes a roll-back point: built under another name and renamed at the end, so that a half one is never found.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSystemClock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import { maskSecrets } from '../../common/logger.ts';
import { VERSION } from '../../common/version.ts';
import { runExternal } from '../external.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { hashFolder } from './checksum.ts';
import { saveConfigFiles } from './config-files.ts';
import { secretNames } from './env-file.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import { checkPointName, pointDirectory, pointsDirectory } from './point-name.ts';
import { readSilences } from './silences.ts';
import { inspectDatabase } from './sqlite-backup.ts';

/** Of each log the end: enough to see what went wrong, little enough to keep ten points. */
const LOG_TAIL_BYTES = 256 * 1_024;

export interface PointWishes {
  readonly name: string;
  readonly reason: string;
}

/** @throws AppError POINT_EXISTS */
export async function createPoint(site: Site, stack: Stack, { name, reason }: PointWishes): Promise<Manifest> {
  const { dataDir } = stack;
  const directory = pointDirectory(dataDir, checkPointName(name));
  if (existsSync(directory))
    throw new AppError('POINT_EXISTS', `the roll-back point ${name} exists: choose another name`);
  const partial = join(pointsDirectory(dataDir), `.${name}.partial`);
  rmSync(partial, { recursive: true, force: true });
  // Logs and the database name chats and people: for the owner alone.
  for (const folder of ['files', 'logs', 'database'])
    mkdirSync(join(partial, folder), { recursive: true, mode: 0o700 });
  try {
    saveConfigFiles(site.checkout, join(partial, 'files'));
    await saveLogs(stack, join(partial, 'logs'));
    const database = await saveDatabase(stack, join(partial, 'database', 'outbox.sqlite'));
    const silences = await readSilences(stack.urls.alertmanager ?? '');
    writeFileSync(join(partial, 'silences.json'), `${JSON.stringify(silences, null, 2)}\n`);
    const git = await readGit(site.checkout);
    const manifest: Manifest = {
      format: 1,
      name,
      reason,
      mode: stack.mode,
      createdAt: new Date(createSystemClock().wallNow()).toISOString(),
      version: VERSION,
      ...(git ? { git } : {}),
      images: [...(await stack.images())],
      secrets: [...presentSecrets(site, dataDir)],
      ...(database ? { database } : {}),
      silences: silences.length,
      files: [...hashFolder(partial)],
    };
    writeManifest(partial, manifest);
    renameSync(partial, directory);
    return manifest;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** A database too damaged to be copied is said in the manifest; the rest of the point is worth having all the same. */
async function saveDatabase(stack: Stack, target: string): Promise<Manifest['database']> {
  try {
    return (await stack.copyDatabase(target)) ? inspectDatabase(target) : undefined;
  } catch (error) {
    return { integrity: `not copied: ${errorText(error)}`, schema: 0 };
  }
}

async function saveLogs(stack: Stack, target: string): Promise<void> {
  for (const [name, path] of Object.entries(await stack.logs())) {
    if (!existsSync(path)) continue;
    const content = readFileSync(path);
    const tail = content.subarray(Math.max(0, content.length - LOG_TAIL_BYTES)).toString('utf8');
    writeFileSync(join(target, `${name}.log`), maskSecrets(tail));
  }
}

function presentSecrets({ checkout, environment }: Site, dataDir: string): readonly string[] {
  const files = [join(checkout, 'docker', 'secrets'), join(dataDir, 'secrets')].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'README.md' && !name.startsWith('.')) : [],
  );
  return [...new Set([...secretNames(environment), ...files])].toSorted();
}

async function readGit(checkout: string): Promise<Manifest['git']> {
  const head = await runExternal(['git', 'rev-parse', 'HEAD'], { cwd: checkout });
  if (head.code !== 0) return undefined;
  const status = await runExternal(['git', 'status', '--porcelain'], { cwd: checkout });
  return { commit: head.stdout.trim(), isDirty: status.stdout.trim() !== '' };
}
