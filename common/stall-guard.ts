// Ends this process when its event loop has stood still for too long; whoever supervises it starts a fresh one.
// A stalled loop cannot watch itself, so a shell does: it waits for a sign of life on a pipe. A worker thread would do
// too, but costs ten megabytes where the shell costs one.
import { spawn } from 'node:child_process';

export interface StallGuard {
  stop(): void;
}

// `read -t` ends above 128 when the time is up and with 1 when the pipe is closed, that is when the watched process has
// ended by itself. SIGKILL, because a stalled loop runs no signal handler. As process 1 of a container nobody could
// kill us from inside: the images run under an init.
const WATCHER = `
while :; do
  IFS= read -r -t "$2" _
  status=$?
  if [ "$status" -gt 128 ]; then
    printf '{"level":"fatal","msg":"event loop stalled, ending this process","pid":%s,"limitSeconds":%s}\\n' "$1" "$2" >&2
    kill -KILL "$1"
    exit
  fi
  [ "$status" -eq 0 ] || exit
done`;

export interface StallGuardOptions {
  /** How long the event loop may stand still, seconds (OPS-1). */
  readonly limitSeconds?: number;
  /** Called when there is no shell to watch with; the process then runs unwatched. */
  readonly onUnavailable?: (error: Error) => void;
}

export function startStallGuard({ limitSeconds = 15, onUnavailable }: StallGuardOptions = {}): StallGuard {
  // Without --norc bash takes the socket it reads from for a remote login and runs the user's .bashrc.
  const args = ['--norc', '-c', WATCHER, 'stall-guard', String(process.pid), String(limitSeconds)];
  // Detached, so that the Ctrl-C that stops us gracefully does not end the watcher first.
  const watcher = spawn('bash', args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  const beat = setInterval(() => watcher.stdin.write('\n'), Math.min(1_000, limitSeconds * 200));
  const stop = () => {
    clearInterval(beat);
    watcher.stdin.destroy();
  };
  watcher.on('error', (error) => {
    stop();
    onUnavailable?.(error);
  });
  watcher.on('exit', () => clearInterval(beat));
  // A watcher that was ended by somebody else breaks the pipe; its `exit` says so.
  watcher.stdin.on('error', () => clearInterval(beat));
  watcher.unref();
  beat.unref();
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
  return { stop };
}
