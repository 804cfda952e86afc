// Finds the programs of a PostgreSQL server for the tests: on PATH, where Debian keeps them, else Debian's packages unpacked
// under `.cache/`. Nothing is installed: an install would create a cluster on the host and start it.
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../../common/errors.ts';

const run = promisify(execFile);

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
  /** What the programs need in their environment: the libraries of an unpacked server lie where no linker looks. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who runs them. The server refuses to run as root, so root runs it as somebody without rights. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

const NO_PEERS = 65_534;

export interface PostgresSearch {
  /** Where unpacked packages are kept: the checkout's `.cache`. */
  readonly cacheDir: string;
  readonly log: (line: string) => void;
  /** Whether Debian's packages may be fetched; tests only look, the test run fetches before them. */
  readonly mayFetch: boolean;
}

/** `undefined` where there is none and none can be fetched; why is told to `log`. */
export async function findPostgres({ cacheDir, log, mayFetch }: PostgresSearch): Promise<PostgresPrograms | undefined> {
  const present = await findFirst(cacheDir);
  if (present || !mayFetch) return present;
  log('fetching PostgreSQL from Debian’s packages (once; nothing is installed) …');
  try {
    await fetchPackages(cacheDir);
  } catch (error) {
    log(`PostgreSQL could not be fetched: ${errorText(error)}`);
  }
  return findFirst(cacheDir);
}

async function findFirst(cacheDir: string): Promise<PostgresPrograms | undefined> {
  const unpacked = join(cacheDir, 'postgres', 'root');
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => ({ folder, libraries: '' })),
    ...newestFirst('/usr/lib/postgresql/*/bin').map((folder) => ({ folder, libraries: '' })),
    ...newestFirst(join(unpacked, 'usr/lib/postgresql/*/bin')).map((folder) => ({
      folder,
      libraries: globSync(join(unpacked, 'usr/lib/*-linux-gnu*')).join(':'),
    })),
  ];
  for (const { folder, libraries } of folders) {
    const found = await tryFolder(folder, libraries);
    if (found) return found;
  }
  return undefined;
}

function newestFirst(pattern: string): readonly string[] {
  return globSync(pattern).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

async function tryFolder(folder: string, libraries: string): Promise<PostgresPrograms | undefined> {
  const environment: Readonly<Record<string, string>> = libraries === '' ? {} : { LD_LIBRARY_PATH: libraries };
  const identity = process.getuid?.() === 0 ? { uid: NO_PEERS, gid: NO_PEERS } : {};
  const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
  try {
    const options = { cwd: '/', env: { PATH: process.env.PATH, ...environment }, ...identity, timeout: 20_000 };
    await run(initdb, ['--version'], options);
    const { stdout } = await run(postgres, ['--version'], options);
    return { initdb, postgres, version: /\d+(\.\d+)?/.exec(stdout)?.[0] ?? '', environment, identity };
  } catch {
    return undefined;
  }
}

async function fetchPackages(cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(join(cacheDir, 'postgres-'));
  // Readable for every user: the server runs as somebody else than the one who fetched it.
  await chmod(workDir, 0o755);
  const archives = join(workDir, 'cache', 'archives');
  try {
    await mkdir(join(archives, 'partial'), { recursive: true });
    await mkdir(join(workDir, 'lists', 'partial'), { recursive: true });
    const cache = ['-o', `Dir::Cache=${join(workDir, 'cache')}`, '-o', 'Debug::NoLocking=true'];
    // A fresh machine has no package lists, and refreshing the host's needs root: so they are read into a private folder.
    const lists = ['-o', `Dir::State::lists=${join(workDir, 'lists')}`];
    const install = ['install', '--download-only', '--yes', '--no-install-recommends', 'postgresql'];
    try {
      await aptGet([...cache, ...install]);
    } catch {
      await aptGet([...cache, ...lists, 'update']);
      await aptGet([...cache, ...lists, ...install]);
    }
    for (const name of (await readdir(archives)).filter((file) => file.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(archives, name), join(workDir, 'root')], { timeout: 120_000 });
    }
    await rm(join(workDir, 'cache'), { recursive: true });
    await rm(join(workDir, 'lists'), { recursive: true });
    await rm(join(cacheDir, 'postgres'), { recursive: true, force: true });
    await rename(workDir, join(cacheDir, 'postgres'));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  // As root apt drops to its own user, who may not write into our folder.
  const options = ['-qq', '-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Retries=3'];
  await run('apt-get', [...options, ...args], { timeout: 300_000 });
}
