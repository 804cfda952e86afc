// One program of many: killed and started again by the test and by nobody else, gone with the test at the latest.
import type { Test } from 'tap';
import { type ProgramCall, spawnWithParentWatch, type WatchedProgram } from '../../common/parent-watch.ts';

export interface Member {
  readonly name: string;
  /** `http://host:port`, the same in each life. */
  readonly url: string;
  /** What it said last, oldest first. */
  readonly lastLines: readonly string[];
  /** @throws Error between two lives. */
  pid(): number;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
  start(): void;
}

const REMEMBERED_LINES = 40;
const GRACE_MS = 5_000;

export function startMember(t: Test, name: string, url: string, call: ProgramCall): Member {
  const lastLines: string[] = [];
  let program: WatchedProgram | undefined;
  const remember = (chunk: unknown) => {
    lastLines.push(...String(chunk).trimEnd().split('\n'));
    lastLines.splice(0, lastLines.length - REMEMBERED_LINES);
  };
  const member: Member = {
    name,
    url,
    lastLines,
    pid() {
      if (!program) throw new Error(`${name} is between two lives`);
      return program.pid;
    },
    async kill() {
      program?.kill('SIGKILL');
      await program?.ended;
      program = undefined;
    },
    start() {
      program = spawnWithParentWatch(call);
      program.stdout.on('data', remember);
      program.stderr.on('data', remember);
    },
  };
  member.start();
  t.teardown(async () => {
    // What it covered is written at an orderly end only.
    program?.kill('SIGTERM');
    const ending = program?.ended;
    const late = setTimeout(() => program?.kill('SIGKILL'), GRACE_MS);
    await ending;
    clearTimeout(late);
  });
  return member;
}

/** Whether it answers 200 there. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
