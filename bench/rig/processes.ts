// What the kernel says of a process: its memory and the processor time it has used. Linux only.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Kernel ticks per second; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessMemory {
  /**
   * Its proportional share, MB, as if exporter and bridge were the only programs of Node on the machine: pages of its own, and
   * half of the shared ones. The kernel's own figure would divide Node's binary by every Node that happens to run, the
   * benchmark among them, and shrink with each.
   */
  readonly pssMb: number;
  /** All that it has in memory, shared pages counted whole, MB. */
  readonly rssMb: number;
}

/** @throws Error when there is no such process. */
export function readMemory(pid: number): ProcessMemory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const rssMb = megabytes(rollup, 'Rss');
  const ownMb = megabytes(rollup, 'Private_Clean') + megabytes(rollup, 'Private_Dirty');
  return { pssMb: ownMb + (rssMb - ownMb) / 2, rssMb };
}

function megabytes(rollup: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1];
  return Number(kilobytes) / 1_024;
}

/** Seconds of processor time, user and system, since the process began. @throws Error when there is no such process. */
export function readCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; behind it the fields are 3 and up.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Bytes of all files below a folder; 0 where it is absent. Files that vanish meanwhile are left out. */
export function readDiskBytes(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + sizeOf(join(entry.parentPath, entry.name)), 0);
  } catch {
    return 0;
  }
}

function sizeOf(path: string): number {
  try {
    // Blocks, not length: Prometheus reserves its files ahead.
    return statSync(path).blocks * 512;
  } catch {
    return 0;
  }
}
