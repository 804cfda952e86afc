// What of the host a deployment could leave a trace in: its programs, ports, containers, networks, volumes and files. Taken
// before a start and after a stop, the two must be alike. Caches (.cache, dist, node_modules) and DATA_DIR are left out:
// they are made to stay, and say so in the documents.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runExternal } from '../external.ts';
import { hashText } from '../points/checksum.ts';
import type { Site } from '../stack/stack.ts';
import { listListeners } from './listeners.ts';
import { listProcesses } from './processes.ts';

export const SNAPSHOT_KINDS = ['processes', 'ports', 'containers', 'networks', 'volumes', 'files'] as const;
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number];

/** One line for each thing, sorted; the same thing always gives the same line. */
export type Snapshot = Readonly<Record<SnapshotKind, readonly string[]>>;

/** Folders that a deployment reads and only a roll-back writes. */
const WATCHED = ['prometheus', 'alertmanager', 'grafana', 'docker', 'docker-compose.observability.yml', '.env'];

export async function takeSnapshot({ checkout }: Site, dataDir: string): Promise<Snapshot> {
  const [containers, networks, volumes] = await Promise.all([
    docker(['ps', '-a', '--format', '{{.Names}}']),
    docker(['network', 'ls', '--format', '{{.Name}}']),
    docker(['volume', 'ls', '--format', '{{.Name}}']),
  ]);
  return {
    processes: listProcesses(checkout, dataDir),
    ports: listListeners(),
    containers,
    networks,
    volumes,
    files: WATCHED.flatMap((name) => listFiles(checkout, join(checkout, name))).toSorted(),
  };
}

/** Nothing where there is no Docker, or it does not answer: then nothing of ours can be in it either. */
async function docker(args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await runExternal(['docker', ...args], { timeoutMs: 15_000 });
  if (code !== 0) return [];
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

function listFiles(root: string, path: string): readonly string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (!status.isDirectory()) {
    const name = relative(root, path);
    // A checksum of what holds a secret would be one thing more to keep safe.
    const isSecret = name === '.env' || name.startsWith(join('docker', 'secrets'));
    const mark = isSecret ? Math.round(status.mtimeMs) : hashText(readFileSync(path, 'latin1')).slice(0, 16);
    return [`${name} ${status.size} ${mark}`];
  }
  return readdirSync(path).flatMap((name) => listFiles(root, join(path, name)));
}
