// A control group of the kernel with a memory limit, as a container has one; both versions of the kernel's interface. Where
// making one is not allowed (it takes root) there is none, and the caller says so.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryGroup {
  /** Whatever is started meanwhile, and what that starts, belongs to the group. */
  inside<Result>(start: () => Promise<Result>): Promise<Result>;
  /** When all of its programs have ended. */
  remove(): void;
}

interface Interface {
  readonly root: string;
  readonly limitFile: string;
  /** The line of /proc/self/cgroup that names the group we are in. */
  readonly membership: RegExp;
}

const INTERFACES: readonly Interface[] = [
  {
    root: '/sys/fs/cgroup/memory',
    limitFile: 'memory.limit_in_bytes',
    membership: /^\d+:(?:\w+,)*memory(?:,\w+)*:(.*)$/m,
  },
  { root: '/sys/fs/cgroup', limitFile: 'memory.max', membership: /^0::(.*)$/m },
];

/** `undefined` where this system or this user has no such groups. */
export function makeMemoryGroup(limitBytes: number): MemoryGroup | undefined {
  const known = INTERFACES.find(({ root }) => existsSync(join(root, 'cgroup.procs')));
  const present = known?.membership.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (known === undefined || present === undefined) return undefined;
  const { root, limitFile } = known;
  const folder = join(root, `derivatives-alerts-bench-${process.pid}`);
  const enter = (group: string) => writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, limitFile), String(limitBytes));
  } catch {
    remove();
    return undefined;
  }
  function remove(): void {
    try {
      rmdirSync(folder);
    } catch {
      // Not made, or somebody is still in it: an empty group costs nothing.
    }
  }
  return {
    async inside(start) {
      enter(folder);
      try {
        return await start();
      } finally {
        enter(join(root, present));
      }
    },
    remove,
  };
}
