// Debian's packages of Prometheus and Alertmanager, unpacked and not installed, with a folder of programs that find their
// files. Everything happens in a private folder that is renamed into place at the end, so that two callers at once, or one
// that is killed half way, do no harm.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../common/errors.ts';
import { fetchDebianPackages } from './debian-packages.ts';

const run = promisify(execFile);

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];

/** Debian's Alertmanager reads its default template from here and knows no flag for another place. */
const ALERTMANAGER_SHARE = '/usr/share/prometheus/alertmanager';

/** The same length, so that it can stand in the program itself; the wrapper opens the unpacked folder as descriptor 9. */
const ALERTMANAGER_SHARE_BY_DESCRIPTOR = '/proc/self/fd/9'.padEnd(ALERTMANAGER_SHARE.length, '/');

// Each wrapper finds the unpacked tree beside itself (the checkout may be moved) and becomes the program, so that its
// process id and signals are the program's.
const WRAPPER_HEAD = `#!/bin/sh
root=$(cd "$(dirname "$0")/../root" && pwd) || exit 127
`;

/**
 * Makes `<cacheDir>/engines` with a folder `bin` of the four programs, and returns that folder.
 * @throws Error where apt-get or dpkg-deb is absent or fails; its text is for people
 */
export async function fetchDebianEngines(cacheDir: string, log: (line: string) => void): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(join(cacheDir, 'engines-'));
  // Readable for every user: the tests run engines as somebody else than the one who fetched them.
  await chmod(workDir, 0o755);
  const target = join(cacheDir, 'engines');
  try {
    await fetchDebianPackages({ workDir, packages: PACKAGES, size: '30 MB', log });
    await writeWrappers(workDir);
    await putInPlace(workDir, target);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return join(target, 'bin');
}

async function writeWrappers(workDir: string): Promise<void> {
  const programs = join(workDir, 'root', 'usr', 'bin');
  const alertmanager = join(programs, 'prometheus-alertmanager');
  const binary = await readFile(alertmanager);
  replaceAll(binary, ALERTMANAGER_SHARE, ALERTMANAGER_SHARE_BY_DESCRIPTOR);
  await writeFile(alertmanager, binary);
  const { stdout, stderr } = await run(join(programs, 'prometheus'), ['--help']);
  const assets = `${stdout}${stderr}`.includes('--web.local-assets')
    ? '--web.local-assets="$root/usr/share/prometheus/web/" '
    : '';
  await mkdir(join(workDir, 'bin'));
  const wrappers: Readonly<Record<string, string>> = {
    prometheus: `exec "$root/usr/bin/prometheus" ${assets}"$@"`,
    promtool: 'exec "$root/usr/bin/promtool" "$@"',
    alertmanager: `exec "$root/usr/bin/prometheus-alertmanager" "$@" 9<"$root${ALERTMANAGER_SHARE}"`,
    amtool: 'exec "$root/usr/bin/amtool" "$@"',
  };
  for (const [name, command] of Object.entries(wrappers)) {
    await writeFile(join(workDir, 'bin', name), `${WRAPPER_HEAD}${command}\n`, { mode: 0o755 });
  }
}

function replaceAll(bytes: Buffer, text: string, replacement: string): void {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes.write(replacement, at, 'latin1');
}

async function putInPlace(workDir: string, target: string): Promise<void> {
  try {
    await rename(workDir, target);
  } catch (error) {
    // Somebody else was faster, or a damaged folder lies there: theirs works, a damaged one is replaced.
    if (existsSync(join(target, 'bin', 'amtool')) && existsSync(join(target, 'root', 'usr', 'bin', 'amtool'))) return;
    await rm(target, { recursive: true, force: true });
    await rename(workDir, target).catch((again: unknown) => {
      throw new Error(`${target} cannot be replaced: ${errorText(again)}`, { cause: error });
    });
  }
}
