// Names of roll-back points are folder names: letters, digits, dot, dash, underscore.
import { join } from 'node:path';
import { createSystemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';

const SHAPE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The state before us; it needs no point, because it is the absence of the stack. */
export const ORIGINAL = 'original';

/** @throws AppError USAGE */
export function checkPointName(name: string): string {
  if (SHAPE.test(name) && name !== ORIGINAL) return name;
  throw new AppError(
    'USAGE',
    `${JSON.stringify(name)} is no name for a roll-back point: use letters, digits, dot, dash and underscore, 64 at most` +
      `${name === ORIGINAL ? `; "${ORIGINAL}" means the host without this stack` : ''}`,
  );
}

export const AUTOMATIC_PREFIX = 'auto-';

/** `auto-2026-11-20T09-30-00-123Z`: sorts by time. */
export function automaticName(prefix: string = AUTOMATIC_PREFIX): string {
  return `${prefix}${new Date(createSystemClock().wallNow()).toISOString().replace(/[:.]/g, '-')}`;
}

export function pointsDirectory(dataDir: string): string {
  return join(dataDir, 'rollback');
}

export function pointDirectory(dataDir: string, name: string): string {
  return join(pointsDirectory(dataDir), checkPointName(name));
}
