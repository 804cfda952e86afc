// The bridge's database by SQLite's own integrity check, on a copy of one moment: the bridge notices nothing of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../../common/errors.ts';
import { inspectDatabase } from '../../points/sqlite-backup.ts';
import type { Stack } from '../../stack/stack.ts';
import type { Check, Fault } from './check.ts';

/** SQLite's words for SQLITE_CORRUPT and SQLITE_NOTADB; that a copy could not be made otherwise says nothing of the data. */
const DAMAGED = /malformed|not a database/i;
const NATIVE_EVERY_MS = 20_000;
/** A container has to be made for each look. */
const DOCKER_EVERY_MS = 300_000;

export function watchData({ mode, copyDatabase }: Pick<Stack, 'mode' | 'copyDatabase'>): Check {
  return {
    name: 'data',
    everyMs: mode === 'native' ? NATIVE_EVERY_MS : DOCKER_EVERY_MS,
    confirmations: 1,
    async look() {
      const scratch = mkdtempSync(join(tmpdir(), 'derivatives-alerts-integrity-'));
      try {
        const copy = join(scratch, 'outbox.sqlite');
        if (!(await copyDatabase(copy))) return [];
        const { integrity } = inspectDatabase(copy);
        return integrity === 'ok' ? [] : [corrupted(integrity)];
      } catch (error) {
        const text = errorText(error);
        return DAMAGED.test(text) ? [corrupted(text)] : [];
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

function corrupted(words: string): Fault {
  return { trigger: 'corruption', what: `the outbox of the bridge is damaged: ${words.slice(0, 200)}` };
}
