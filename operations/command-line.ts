// The frame of every operations program: its command line, Ctrl-C, and exit codes instead of stack traces.
import { type Command, describeCommand, type Options, parseCommandLine } from '../common/command-line.ts';
import { AppError } from '../common/errors.ts';
import { maskSecrets } from '../common/logger.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';

/** A command, and what it does. The exit codes are added to its help. */
export interface Program extends Command {
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
export async function runProgram(program: Program, args = process.argv.slice(2)): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  process.exitCode = await execute(program, args, stopping.signal);
}

export async function execute(program: Program, args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  try {
    const options = parseCommandLine(program, args);
    if (!options.isHelp) return await program.run(options, signal);
    console.log(`${describeCommand(program)}\n\n${EXIT_CODES_HELP}`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(maskSecrets(error.message));
    if (error.code === 'USAGE') return EXIT.usage;
    return REFUSALS.has(error.code) ? EXIT.refused : EXIT.failed;
  }
}
