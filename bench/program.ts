// One measuring program in a process of its own: what the runner tells it, and what it tells back.
import { fork } from 'node:child_process';
import { join, relative } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { commandLine } from '../common/command-line.ts';
import { errorText } from '../common/errors.ts';
import { type FigureName, isFigureName } from './figures.ts';

export type Reading =
  | { readonly type: 'figure'; readonly name: FigureName; readonly value: number; readonly note?: string | undefined }
  | { readonly type: 'skip'; readonly reason: string };

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly nodeFlags?: readonly string[] | undefined;
  readonly timeoutMs: number;
}

const Message = Type.Union([
  Type.Object({
    type: Type.Literal('figure'),
    name: Type.String(),
    value: Type.Number(),
    note: Type.Optional(Type.String()),
  }),
  Type.Object({ type: Type.Literal('skip'), reason: Type.String() }),
]);

/** Runs a program of `programs/` in a fresh process. Never rejects: what goes wrong is a `skip` with its reason. */
export async function runProgram({
  program,
  args,
  nodeFlags = [],
  timeoutMs,
}: ProgramRun): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const child = fork(join(import.meta.dirname, 'programs', `${program}.ts`), [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...nodeFlags],
    // What a program prints is for people; its figures come over the channel.
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let lastWords = '';
  child.stderr?.on('data', (chunk) => {
    lastWords = `${lastWords}${String(chunk)}`.slice(-2_000);
  });
  child.on('message', (message) => {
    const reading = readMessage(message);
    if (reading) readings.push(reading);
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs + 15_000);
  const code = await new Promise<number | undefined>((resolve) => {
    child.once('close', (exitCode) => resolve(exitCode ?? undefined));
    child.once('error', () => resolve(undefined));
  });
  clearTimeout(timer);
  clearTimeout(killer);
  if (code !== 0) {
    const words =
      lastWords
        .trim()
        .split('\n')
        .find((line) => /Error|error/.test(line)) ?? lastWords.trim().slice(-200);
    readings.push({ type: 'skip', reason: `${program} ended with ${code ?? 'a signal'}: ${words}`.slice(0, 300) });
  }
  return readings;
}

function readMessage(message: unknown): Reading | undefined {
  if (!Check(Message, message)) return undefined;
  if (message.type === 'skip') return message;
  const { name, value, note } = message;
  return isFigureName(name) ? { type: 'figure', name, value, note } : undefined;
}

/** In a program: whether the runner, or somebody who runs it alone, has given this option. */
export function isAsked(option: 'quick' | 'intervals'): boolean {
  return commandLine({
    name: `node ${relative(process.cwd(), process.argv[1] ?? '')}`,
    purpose:
      'One measuring program of npm run bench, which runs it and shows its figures. Alone it prints them as JSON.',
    options: {
      quick: { help: 'a shorter look, or none where it takes real time' },
      intervals: { help: 'latency only: 250 ms, 500 ms and 1 s' },
    },
  }).flag(option);
}

/** In a program: tells the runner a figure, or people where there is no runner. */
export function report(name: FigureName, value: number, note?: string): void {
  tell({ type: 'figure', name, value, ...(note === undefined ? {} : { note }) });
}

/** In a program: says why the rest of its figures could not be measured. */
export function skip(reason: string): void {
  tell({ type: 'skip', reason });
}

function tell(reading: Reading): void {
  if (process.send) process.send(reading);
  else console.log(JSON.stringify(reading));
}

/** The whole of a program: runs it, leaves with 0 when it succeeded and with 1 and its reason when not. */
export async function runMeasurement(measure: () => Promise<void>): Promise<void> {
  try {
    await measure();
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`Error: ${errorText(error)}\n`);
    process.exitCode = 1;
  }
  process.disconnect?.();
}
