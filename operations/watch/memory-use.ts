// How much memory the existing system and this stack use at this moment, in megabytes. Containers by Docker's own figures,
// processes by their proportional share of what they map.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readProportionalMemoryBytes } from '../../common/process-memory.ts';
import { readRunState } from '../../engines/run-state.ts';
import { runExternal } from '../external.ts';
import type { Stack } from '../stack/stack.ts';
import { supervisorPid } from '../stack/supervisor-process.ts';
import type { MemoryUse } from './checks/memory.ts';

const MB = 1_048_576;
const UNITS: Readonly<Record<string, number>> = { B: 1 / MB, KiB: 1 / 1_024, MiB: 1, GiB: 1_024 };

export interface MemoryPlaces {
  readonly stack: Pick<Stack, 'mode' | 'dataDir'>;
  /** Of our containers. */
  readonly project: string;
  /** The network whose other members are the existing system. */
  readonly existingNetwork: string;
  readonly existingUrl: string | undefined;
}

/** `undefined` where not even our own can be seen. */
export async function measureMemory({ stack, ...places }: MemoryPlaces): Promise<MemoryUse | undefined> {
  const containers = await readContainers(places.existingNetwork);
  const isOurs = (name: string) => name.startsWith(`${places.project}_`) || name.startsWith(`${places.project}-`);
  const sumOf = (isWanted: (container: Container) => boolean) => {
    const found = containers.filter(isWanted);
    return found.length === 0 ? undefined : found.reduce((sum, { usedMb }) => sum + usedMb, 0);
  };
  const ownMb =
    stack.mode === 'docker' ? sumOf(({ name }) => isOurs(name)) : await sumOfProcesses(ownPids(stack.dataDir));
  if (ownMb === undefined) return undefined;
  const inNetwork = sumOf(({ name, isMember }) => isMember && !isOurs(name));
  const existingMb = inNetwork ?? (await sumOfProcesses(pidsBehind(places.existingUrl)));
  return { ownMb, existingMb };
}

interface Container {
  readonly name: string;
  readonly usedMb: number;
  /** Of the existing system's network. */
  readonly isMember: boolean;
}

/** None where there is no Docker. */
async function readContainers(network: string): Promise<readonly Container[]> {
  const stats = await runExternal(['docker', 'stats', '--no-stream', '--format', '{{.Name}}\t{{.MemUsage}}'], {
    timeoutMs: 15_000,
  });
  if (stats.code !== 0 || stats.stdout.trim() === '') return [];
  const format = '{{range .Containers}}{{.Name}}\n{{end}}';
  const members = await runExternal(['docker', 'network', 'inspect', network, '--format', format]);
  const names = new Set(members.stdout.split('\n'));
  return stats.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', usage = ''] = line.split('\t');
      return { name, usedMb: megabytesOf(usage), isMember: names.has(name) };
    });
}

/** `37.5MiB / 64MiB` → 37.5. */
export function megabytesOf(usage: string): number {
  const [, amount = '0', unit = 'B'] = /^\s*([\d.]+)\s*([KMG]?i?B)/.exec(usage) ?? [];
  return Number(amount) * (UNITS[unit] ?? 0);
}

function ownPids(dataDir: string): readonly number[] {
  const supervisor = supervisorPid(dataDir);
  const services = Object.values(readRunState(dataDir)?.pids ?? {});
  return supervisor === undefined ? services : [supervisor, ...services];
}

async function sumOfProcesses(pids: readonly number[]): Promise<number | undefined> {
  const bytes = await Promise.all(pids.map((pid) => readProportionalMemoryBytes(`/proc/${pid}/smaps_rollup`)));
  const seen = bytes.filter((value) => value !== undefined);
  return seen.length === 0 ? undefined : seen.reduce((sum, value) => sum + value, 0) / MB;
}

/** The processes of this machine that listen on the port of a loopback address; those of other users cannot be seen. */
function pidsBehind(url: string | undefined): readonly number[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { hostname, port } = new URL(url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return [];
  const sockets = listeningSockets(Number(port || 80));
  if (sockets.size === 0) return [];
  return readNames('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readNames(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(pid, fd))));
}

function listeningSockets(port: number): ReadonlySet<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readOrEmpty(path).split('\n'));
  return new Set(
    lines.flatMap((line) => {
      const words = line.trim().split(/\s+/);
      return words[1]?.endsWith(wanted) && words[3] === '0A' ? [`socket:[${words[9]}]`] : [];
    }),
  );
}

function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
