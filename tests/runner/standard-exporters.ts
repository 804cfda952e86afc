// node_exporter and blackbox_exporter for the tests: on PATH, else Debian's packages unpacked under `.cache/`. Nothing is
// installed; where they cannot be had, the tests that need them skip themselves and say so.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../../common/errors.ts';
import { fetchDebianPackages } from '../../engines/debian-packages.ts';
import type { Outcome, Step } from './step.ts';

const run = promisify(execFile);

const PACKAGES = ['prometheus-node-exporter', 'prometheus-blackbox-exporter'];

/** Absolute paths of programs that ran `--version`. */
export interface StandardExporters {
  readonly nodeExporter: string;
  readonly blackboxExporter: string;
}

const CACHE = join(dirname(dirname(import.meta.dirname)), '.cache');

/** Looks only; `npm test` fetches before its tests. */
export async function findStandardExporters(cacheDir = CACHE): Promise<StandardExporters | undefined> {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    join(cacheDir, 'standard-exporters', 'root', 'usr', 'bin'),
  ];
  const [nodeExporter, blackboxExporter] = await Promise.all([
    findFirst(folders, ['node_exporter', 'prometheus-node-exporter']),
    findFirst(folders, ['blackbox_exporter', 'prometheus-blackbox-exporter']),
  ]);
  return nodeExporter && blackboxExporter ? { nodeExporter, blackboxExporter } : undefined;
}

export function standardExportersStep(cacheDir = CACHE): Step {
  return {
    name: 'exporters',
    title: 'Standard exporters (node_exporter, blackbox_exporter)',
    async run(): Promise<Outcome> {
      if (!(await findStandardExporters(cacheDir))) await fetchPackages(cacheDir);
      const found = await findStandardExporters(cacheDir);
      console.log(
        found
          ? `${found.nodeExporter}\n${found.blackboxExporter}`
          : `skipped: neither on PATH nor to be fetched; what needs them is not tested (apt-get install ${PACKAGES.join(' ')})`,
      );
      return { passed: found ? 1 : 0, failed: 0 };
    },
  };
}

/** Two callers at once, or one that is killed half way, do no harm: the whole folder is renamed into place. */
async function fetchPackages(cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(join(cacheDir, 'standard-exporters-'));
  try {
    await chmod(workDir, 0o755);
    await fetchDebianPackages({ workDir, packages: PACKAGES, size: '8 MB', log: console.log });
    const target = join(cacheDir, 'standard-exporters');
    await rm(target, { recursive: true, force: true });
    await rename(workDir, target);
  } catch (error) {
    console.log(errorText(error));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function findFirst(folders: readonly string[], names: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      const works = await run(path, ['--version'], { timeout: 20_000 }).then(
        () => true,
        () => false,
      );
      if (works) return path;
    }
  }
  return undefined;
}
