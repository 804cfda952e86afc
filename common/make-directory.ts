// Makes a directory and what is missing above it. Node's own recursive form never comes back where the kernel says ENOENT
// below a folder that exists, as in /proc: a mistyped path would hang a start instead of ending it with a sentence.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const DEFAULT_MODE = 0o755;

/** @throws the system's error where it cannot be made, or is something else than a directory. */
export function makeDirectory(path: string, mode: number = DEFAULT_MODE): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (existsSync(path) && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (parent === path || existsSync(parent)) throw error;
    makeDirectory(parent, mode);
    makeDirectory(path, mode);
  }
}
