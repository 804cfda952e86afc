// The frame of every operations program: options, --help, Ctrl-C, and exit codes instead of stack traces.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError, errorText } from '../common/errors.ts';
import { maskSecrets } from '../common/logger.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';

export interface Options {
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** @throws AppError USAGE when it is no number or outside the bounds */
  number(name: string, fallback: number, bounds: { readonly least: number; readonly most: number }): number;
}

export interface Program {
  /** Usage and what each option means; `--help` and the exit codes are added. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  run(options: Options, signal: AbortSignal): Promise<ExitCode>;
}

/** Failures before anything was changed; every other code means that something had begun. */
const REFUSALS: ReadonlySet<string> = new Set([
  'CONFIG_INVALID',
  'PORT_UNAVAILABLE',
  'DATA_UNWRITABLE',
  'DATA_IN_USE',
  'ENGINE_MISSING',
  'START_REFUSED',
  'POINT_UNKNOWN',
  'POINT_EXISTS',
  'POINT_DAMAGED',
  'DOCKER_MISSING',
  'BASELINE_UNREADABLE',
  'EXISTING_UNKNOWN',
  'ROLLOUT_REFUSED',
  'ROLLOUT_NO_GIT',
]);

/** Runs one program on the process's own command line and leaves its exit code in `process.exitCode`. */
export async function runProgram(program: Program): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  process.exitCode = await execute(program, process.argv.slice(2), stopping.signal);
}

export async function execute(program: Program, args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...program.options, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(`${program.help.trim()}\n\n${EXIT_CODES_HELP}`);
      return EXIT.ok;
    }
    return await program.run(readOptions(values), signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'USAGE' || code.startsWith('ERR_PARSE_ARGS')) {
      console.error(`${errorText(error)}\nTry --help.`);
      return EXIT.usage;
    }
    if (!(error instanceof AppError)) throw error;
    console.error(maskSecrets(error.message));
    return REFUSALS.has(code) ? EXIT.refused : EXIT.failed;
  }
}

function readOptions(values: Readonly<Record<string, unknown>>): Options {
  return {
    flag: (name) => values[name] === true,
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    number(name, fallback, { least, most }) {
      const value = values[name];
      if (value === undefined) return fallback;
      const number = Number(value);
      if (typeof value === 'string' && value.trim() !== '' && number >= least && number <= most) return number;
      throw new AppError(
        'USAGE',
        `--${name} must be a number from ${least} to ${most} (it is ${JSON.stringify(value)})`,
      );
    },
  };
}
