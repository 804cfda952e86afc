// Finds VictoriaMetrics, the store for a long history: on PATH, else Debian's package unpacked under `.cache/`. Only who has
// outgrown one machine needs it, so that nothing looks for it at a start.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../common/errors.ts';
import { fetchDebianPackages } from './debian-packages.ts';

const run = promisify(execFile);

/** The first two are the names of its own releases, the last is Debian's. */
const PROGRAM_NAMES = ['victoria-metrics-prod', 'victoria-metrics'];
const PACKAGE = 'victoria-metrics';

export interface HistorySearch {
  /** Where the unpacked package is kept; the checkout's `.cache`. */
  readonly cacheDir: string;
  readonly log: (line: string) => void;
  /** Whether Debian's package may be fetched: tests only look, the test run fetches before them. */
  readonly mayFetch: boolean;
  /** `PATH` by default. */
  readonly searchPath?: string;
}

/** @returns its absolute path; `undefined` where there is none and none can be fetched: why is told to `log` */
export async function findVictoriaMetrics(search: HistorySearch): Promise<string | undefined> {
  const { cacheDir, log, mayFetch, searchPath = process.env.PATH ?? '' } = search;
  const target = join(resolve(cacheDir), PACKAGE);
  const unpacked = join(target, 'root', 'usr', 'bin');
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), unpacked];
  const present = await findFirst(folders);
  if (present !== undefined || !mayFetch) return present;
  log('fetching VictoriaMetrics from Debian’s packages (once; nothing is installed) …');
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(`${target}-`);
  try {
    await chmod(workDir, 0o755);
    await fetchDebianPackages({ workDir, packages: [PACKAGE], size: '23 MB', log });
    await rm(target, { recursive: true, force: true });
    await rename(workDir, target);
  } catch (error) {
    log(`VictoriaMetrics could not be fetched: ${errorText(error)}`);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return findFirst([unpacked]);
}

/** The first that really runs: a file for another machine, or one that lacks a library, is passed over. */
async function findFirst(folders: readonly string[]): Promise<string | undefined> {
  for (const path of folders.flatMap((folder) => PROGRAM_NAMES.map((name) => resolve(folder, name)))) {
    // Debian's build names no version, so that its success has to do.
    const answer = await run(path, ['-version'], { timeout: 20_000 }).catch(() => undefined);
    if (answer) return path;
  }
  return undefined;
}
