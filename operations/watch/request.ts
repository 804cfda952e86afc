// A roll-back asked for by hand: left in a file that the watcher takes, so that it follows the same path as every other.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../common/make-directory.ts';
import type { Check } from './checks/check.ts';

const MAX_CHARACTERS = 200;

const pathIn = (dataDir: string) => join(dataDir, 'operations', 'rollback-request');

export function requestRollback(dataDir: string, reason: string): void {
  makeDirectory(dirname(pathIn(dataDir)));
  writeFileSync(pathIn(dataDir), reason.slice(0, MAX_CHARACTERS), { mode: 0o600 });
}

export function dropRequest(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}

export function watchRequests(dataDir: string): Check {
  return {
    name: 'request by hand',
    everyMs: 0,
    confirmations: 1,
    async look() {
      try {
        const reason = readFileSync(pathIn(dataDir), 'utf8').trim();
        return [{ trigger: 'manual', what: `asked for by hand: ${reason || 'no reason given'}` }];
      } catch {
        return [];
      }
    },
  };
}
