// Runs somebody else's program (docker, promtool, git) and says how it ended. Never through a shell.
import { execFile } from 'node:child_process';
import { AppError } from '../common/errors.ts';

export interface Ran {
  /** 127 where the program is not there, 124 where it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What the program reads on its standard input. */
  readonly input?: string;
}

export function runExternal([program = '', ...args]: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { timeoutMs = 60_000, input, ...rest } = options;
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { timeout: timeoutMs, maxBuffer: 64 * 1_048_576, ...rest },
      (error, stdout, stderr) => {
        resolve({ code: codeOf(error), stdout, stderr });
      },
    );
    // A program that ends without reading all of it says by its exit code what was wrong.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** What it printed to standard output. @throws AppError with the code given and its last words, where it fails. */
export async function runOrThrow(command: readonly string[], code: string, options?: RunOptions): Promise<string> {
  const ran = await runExternal(command, options);
  if (ran.code === 0) return ran.stdout;
  const words = `${ran.stderr}${ran.stdout}`.trim().split('\n').slice(-12).join('\n');
  throw new AppError(code, `${command.slice(0, 6).join(' ')} …: ${words || `ended with code ${ran.code}`}`);
}

function codeOf(error: Error | null): number {
  if (error === null) return 0;
  if ('killed' in error && error.killed === true) return 124;
  if ('code' in error && typeof error.code === 'number') return error.code;
  return 'code' in error && error.code === 'ENOENT' ? 127 : 1;
}
