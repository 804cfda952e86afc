// Whether a roll-back point is still what was put into it, and would be taken by those who read it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, critical, ok, warning } from '../check-result.ts';
import { hashFolder } from './checksum.ts';
import { MANIFEST_FILES, readManifest } from './manifest.ts';
import { pointDirectory } from './point-name.ts';
import { inspectDatabase } from './sqlite-backup.ts';

/** @throws AppError POINT_UNKNOWN or POINT_DAMAGED where there is nothing to verify against */
export function verifyPoint(dataDir: string, name: string): readonly CheckResult[] {
  const directory = pointDirectory(dataDir, name);
  const manifest = readManifest(dataDir, name);
  const found = new Map(hashFolder(directory).map(({ path, sha256 }) => [path, sha256]));
  for (const file of MANIFEST_FILES) found.delete(file);
  const changed = manifest.files.filter(({ path, sha256 }) => found.has(path) && found.get(path) !== sha256);
  const missing = manifest.files.filter(({ path }) => !found.has(path));
  const listed = new Set(manifest.files.map(({ path }) => path));
  const added = [...found.keys()].filter((path) => !listed.has(path));
  const faults = [
    ...changed.map(({ path }) => `${path} was changed`),
    ...missing.map(({ path }) => `${path} is missing`),
    ...added.map((path) => `${path} was added`),
  ];
  const mend = 'use another point: --list';
  const checksums =
    faults.length === 0
      ? ok('checksums', `${manifest.files.length} files as they were on ${manifest.createdAt}`)
      : critical('checksums', faults.slice(0, 8).join(', '), mend);
  return [checksums, verifyDatabase(join(directory, 'database', 'outbox.sqlite'), manifest.database?.integrity)];
}

function verifyDatabase(path: string, taken: string | undefined): CheckResult {
  if (taken === undefined) return ok('database', 'there was none yet');
  if (!existsSync(path)) return warning('database', taken, 'this point can restore configuration, but no data');
  const { integrity, schema } = inspectDatabase(path);
  if (integrity === 'ok') return ok('database', `integrity ok, schema ${schema}`);
  return critical('database', integrity, 'use another point for data: --list');
}
