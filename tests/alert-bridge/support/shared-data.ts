// Recorded real data beside the checkout; tests that need it skip themselves where it is absent.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../../shared/data');

/** Why a test must be skipped, or `false`: for tap's `skip`. */
export const isDataMissing: string | false = existsSync(ROOT)
  ? false
  : 'no recorded data beside the checkout (../shared/data)';

export function readLines(path: string): readonly unknown[] {
  const parsed = readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return parsed.map((line) => JSON.parse(line));
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** File names with their text, in order. */
export function readFolder(path: string): readonly (readonly [name: string, text: string])[] {
  return readdirSync(join(ROOT, path))
    .sort()
    .map((name) => [name, readFileSync(join(ROOT, path, name), 'utf8')]);
}
