// Starts a program that cannot outlive us. Node cannot ask the kernel for that, and the engines are no programs of ours;
// so a shell with a pipe from us stands beside each program and ends it when the pipe closes, however we died.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AppError } from './errors.ts';

/** How long a program may take to end by itself after the supervisor has vanished, seconds. */
const GRACE_SECONDS = 3;

// The outer shell becomes the program (exec), so that process id, signals and exit code are the program's own. The inner
// one reads descriptor 3, on which nothing is ever written: the end of the pipe means that the supervisor is gone. It lets
// go of the program's output, or the pipes would outlive the program, and is deaf to the signals that it sends to the group.
const PARENT_WATCH = `
program=$$
(
  trap '' INT TERM HUP
  read -r never <&3
  kill -s TERM -- "-$program"
  for second in ${Array.from({ length: GRACE_SECONDS }, (_, index) => index + 1).join(' ')}; do
    sleep 1
    kill -0 "$program" || break
  done
  kill -s KILL -- "-$program"
) >/dev/null 2>&1 </dev/null &
exec "$@" 3<&-
`;

export interface WatchedProgram {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the program has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<Ending>;
}

export interface Ending {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** @throws AppError SPAWN_FAILED when the machine has no shell or no room for another process. */
export function spawnWithParentWatch({ command, args, env, cwd }: ProgramCall): WatchedProgram {
  const child: ChildProcess = spawn('/bin/sh', ['-c', PARENT_WATCH, 'leash', command, ...args], {
    cwd,
    env,
    // In a session of its own: Ctrl-C reaches the supervisor alone, which then stops everything in the right order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { pid, stdout, stderr } = child;
  const leash = child.stdio[3];
  // A signal to a program that has just ended is no fault of anybody's.
  child.on('error', () => undefined);
  if (pid === undefined || !stdout || !stderr || !isWritable(leash)) {
    throw new AppError('SPAWN_FAILED', `${command} could not be started: no process was made`);
  }
  leash.on('error', () => undefined);
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      endGroup(pid);
      leash.destroy();
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    });
  });
  return { pid, stdout, stderr, ended, kill: (signal) => child.kill(signal) };
}

/** What the program started itself goes with it, and so does the leash. The group's number is ours while the leash is in it. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody was left.
  }
}

function isWritable(stream: Readable | Writable | null | undefined): stream is Writable {
  return stream !== null && stream !== undefined && 'end' in stream;
}
