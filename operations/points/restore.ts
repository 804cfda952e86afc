// Rolls back to a point: takes one of the present first, so that this too can be undone.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import { describeCheckResults, worstOf } from '../check-result.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { restoreConfigFiles } from './config-files.ts';
import { createPoint } from './create.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { mergeOutbox, type OutboxMerge } from './merge-outbox.ts';
import { automaticName, pointDirectory } from './point-name.ts';
import { sealConfiguration } from './seal.ts';
import { parseSilences, restoreSilences } from './silences.ts';
import { inspectDatabase } from './sqlite-backup.ts';
import { verifyPoint } from './verify.ts';

export interface Restoration {
  readonly name: string;
  /** Databases and silences too; without it only where the present database is damaged. */
  readonly withData: boolean;
}

export interface RestoreReport {
  readonly undoPoint: string;
  readonly isRunning: boolean;
  /** `undefined` where the database was left as it is. */
  readonly outbox: OutboxMerge | undefined;
  readonly silences: number;
  readonly seconds: number;
}

/** @throws AppError POINT_UNKNOWN, POINT_DAMAGED; with any other code something was changed, and the text says how to go on */
export async function restorePoint(
  site: Site,
  stack: Stack,
  { name, withData }: Restoration,
  signal: AbortSignal,
): Promise<RestoreReport> {
  const startedAt = performance.now();
  const directory = pointDirectory(stack.dataDir, name);
  const manifest = readManifest(stack.dataDir, name);
  const findings = verifyPoint(stack.dataDir, name);
  if (worstOf(findings)?.level === 'critical') throw new AppError('POINT_DAMAGED', describeCheckResults(findings));
  if (manifest.mode !== stack.mode) {
    throw new AppError('USAGE', `${name} was taken of a stack in mode ${manifest.mode}; this is ${stack.mode}`);
  }
  const undo = await createPoint(site, stack, { name: automaticName(), reason: `before the roll-back to ${name}` });
  const isRunning = await stack.isRunning();
  site.say(`✓ the present is kept as ${undo.name}`);
  try {
    if (isRunning) await stack.stop(false);
    restoreConfigFiles(join(directory, 'files'), site.checkout);
    sealConfiguration(site.checkout, stack.dataDir, createSystemClock().wallNow());
    await stack.restoreImages(manifest.images);
    const isDamaged = undo.database !== undefined && undo.database.integrity !== 'ok';
    if (isDamaged) site.say(`! the present database is damaged (${undo.database?.integrity}): data is restored too`);
    const isDataRestored = (withData || isDamaged) && manifest.database?.integrity === 'ok';
    const outbox = isDataRestored ? await restoreDatabase(stack, directory, undo) : undefined;
    if (isRunning) await stack.start(undefined, signal, { isBuilding: false });
    const kept = withData && isRunning ? parseSilences(readFileSync(join(directory, 'silences.json'), 'utf8')) : [];
    const silences = await restoreSilences(stack.urls.alertmanager ?? '', kept);
    return { undoPoint: undo.name, isRunning, outbox, silences, seconds: (performance.now() - startedAt) / 1_000 };
  } catch (cause) {
    const words = `the roll-back stopped half way: ${errorText(cause)}\nTry again, or undo it: rollback.sh --to ${undo.name}`;
    throw new AppError('ROLLBACK_FAILED', words, { cause });
  }
}

/** The present outbox is read from the point that was just taken of it. */
async function restoreDatabase(stack: Stack, directory: string, undo: Manifest): Promise<OutboxMerge> {
  const scratch = mkdtempSync(join(tmpdir(), 'derivatives-alerts-restore-'));
  try {
    const restored = join(scratch, 'restored.sqlite');
    copyFileSync(join(directory, 'database', 'outbox.sqlite'), restored);
    const present = join(pointDirectory(stack.dataDir, undo.name), 'database', 'outbox.sqlite');
    const copy = join(scratch, 'present.sqlite');
    const isThere = inspectDatabase(present).integrity !== 'missing';
    if (isThere) copyFileSync(present, copy);
    const merge = mergeOutbox(restored, isThere ? copy : undefined, createSystemClock().now());
    await stack.replaceDatabase(restored);
    return isThere || undo.database === undefined ? merge : { ...merge, lost: undo.database.integrity };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
