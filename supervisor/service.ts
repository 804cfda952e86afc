// One supervised program: started, restarted with backoff whenever it ends, stopped once and for all. What it prints goes to
// its log file line by line; who started it hears of lines and of what happens.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { type Backoff, backoffDelayMs } from '../common/backoff.ts';
import type { Clock } from '../common/clock.ts';
import { errorText } from '../common/errors.ts';
import { type Ending, type ProgramCall, spawnWithParentWatch, type WatchedProgram } from '../common/parent-watch.ts';

/** OPS-1: whatever exits is back within 30 s. */
export const RESTART_BACKOFF: Backoff = { baseMs: 1_000, capMs: 16_000, jitterRatio: 0 };

/** A program that ran this long before it ended starts again at the first step. */
const STEADY_MS = 60_000;

/** Of what it said last; shown when it ends unasked. */
const REMEMBERED_LINES = 5;

export interface ServiceSpec extends ProgramCall {
  readonly name: string;
  /** Folder for `<name>.log`, three files of 10 MB at most. */
  readonly logDir: string;
}

export type ServiceEvent =
  | { readonly type: 'started'; readonly name: string; readonly pid: number }
  | {
      readonly type: 'ended';
      readonly name: string;
      readonly ending: Ending;
      readonly lastLines: readonly string[];
      readonly restartInMs: number;
    }
  | { readonly type: 'line'; readonly name: string; readonly stream: 'stdout' | 'stderr'; readonly text: string };

export interface ServiceOptions {
  readonly clock: Clock;
  readonly onEvent: (event: ServiceEvent) => void;
  readonly backoff?: Backoff;
}

export interface Service {
  readonly name: string;
  /** `undefined` between two lives. */
  pid(): number | undefined;
  /** Asks the program to end, kills it after `graceMs`, and does not start it again. */
  stop(graceMs: number): Promise<void>;
}

export function startService(
  spec: ServiceSpec,
  { clock, onEvent, backoff = RESTART_BACKOFF }: ServiceOptions,
): Service {
  const stopping = new AbortController();
  const log = openLog(spec);
  let current: WatchedProgram | undefined;
  const done = live();

  async function live(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      const startedAt = clock.monotonicMs();
      const { ending, lastLines } = await runOnce();
      if (stopping.signal.aborted) break;
      if (clock.monotonicMs() - startedAt >= STEADY_MS) attempt = 0;
      const restartInMs = backoffDelayMs(attempt, backoff);
      onEvent({ type: 'ended', name: spec.name, ending, lastLines, restartInMs });
      // These waits keep the process alive: a supervisor whose only child is between two lives must stay.
      await delay(restartInMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await new Promise<void>((resolve) => log.end(resolve));
  }

  async function runOnce(): Promise<{ readonly ending: Ending; readonly lastLines: readonly string[] }> {
    const lastLines: string[] = [];
    try {
      const program = spawnWithParentWatch(spec);
      current = program;
      onEvent({ type: 'started', name: spec.name, pid: program.pid });
      const take = (stream: 'stdout' | 'stderr') => (text: string) => {
        log.write(`${text}\n`);
        lastLines.push(text);
        if (lastLines.length > REMEMBERED_LINES) lastLines.shift();
        onEvent({ type: 'line', name: spec.name, stream, text });
      };
      const drained = Promise.all([
        readLines(program.stdout, take('stdout')),
        readLines(program.stderr, take('stderr')),
      ]);
      const ending = await program.ended;
      // A grandchild may hold the pipes open for ever; its parent's last words do not need that long.
      await Promise.race([drained, delay(500)]);
      return { ending, lastLines };
    } catch (error) {
      return { ending: { code: undefined, signal: undefined }, lastLines: [errorText(error)] };
    } finally {
      current = undefined;
    }
  }

  return {
    name: spec.name,
    pid: () => current?.pid,
    async stop(graceMs) {
      stopping.abort();
      const program = current;
      if (program) {
        program.kill('SIGTERM');
        const patience = new AbortController();
        const late = delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
        if ((await Promise.race([program.ended, late])) === undefined) program.kill('SIGKILL');
        patience.abort();
      }
      await done;
    },
  };
}

function openLog({ name, logDir }: ServiceSpec): RotatingFileStream {
  const log = createStream(`${name}.log`, { path: logDir, size: '10M', rotate: 2 });
  // A full disk costs the log, never the service.
  log.on('error', () => undefined);
  return log;
}

async function readLines(stream: Readable, take: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) take(line);
}
