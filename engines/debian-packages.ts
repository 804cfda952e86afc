// Debian's packages, downloaded and unpacked without root and without installing: an install would start services on the host.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PackageRequest {
  /** A private folder; what the packages hold lies below its `root` afterwards. */
  readonly workDir: string;
  readonly packages: readonly string[];
  /** Of the download, for people: `30 MB`. */
  readonly size: string;
  /** Told in words what takes time. */
  readonly log: (line: string) => void;
}

/** @throws Error where apt-get or dpkg-deb is absent or fails; its text is for people */
export async function fetchDebianPackages(request: PackageRequest): Promise<void> {
  await download(request);
  await unpack(request.workDir);
}

async function download({ workDir, packages, size, log }: PackageRequest): Promise<void> {
  try {
    await aptGet(workDir, ['download', ...packages]);
  } catch {
    // A fresh machine has no package lists, and refreshing the host's needs root: so read them into a private folder.
    log('reading Debian package lists …');
    const state = join(workDir, 'state');
    const cache = join(workDir, 'cache');
    await mkdir(join(state, 'lists', 'partial'), { recursive: true });
    await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
    const options = [
      '-o',
      `Dir::State=${state}`,
      '-o',
      'Dir::State::status=/var/lib/dpkg/status',
      '-o',
      `Dir::Cache=${cache}`,
    ];
    await aptGet(workDir, [...options, 'update']);
    log(`downloading ${packages.join(', ')} (${size}) …`);
    await aptGet(workDir, [...options, 'download', ...packages]);
    await rm(state, { recursive: true });
    await rm(cache, { recursive: true });
  }
}

async function aptGet(workDir: string, args: readonly string[]): Promise<void> {
  // As root apt drops to its own user, who may not write into our folder.
  const options = ['-qq', '-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Retries=3'];
  try {
    await run('apt-get', [...options, ...args], { cwd: workDir, timeout: 300_000 });
  } catch (error) {
    throw new Error(`apt-get ${args.at(-1) === 'update' ? 'update' : 'download'}: ${explain(error)}`, { cause: error });
  }
}

async function unpack(workDir: string): Promise<void> {
  const archives = (await readdir(workDir)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) {
    try {
      await run('dpkg-deb', ['-x', archive, 'root'], { cwd: workDir, timeout: 60_000 });
    } catch (error) {
      throw new Error(`dpkg-deb -x ${archive}: ${explain(error)}`, { cause: error });
    }
    await rm(join(workDir, archive));
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'not found on this machine';
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n')[0] : '';
  return said || error.message;
}
