// Every program's command line: Node's own parser reads it, and what a command says of itself here becomes its help. A program
// reads its command line before it starts anything.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError, errorText } from './errors.ts';

export interface Option {
  /** What its value is called in the help, such as `FILE`; without it the option is a flag. */
  readonly value?: string;
  /** What it does, and its default; a line break goes on below. */
  readonly help: string;
  readonly isRepeatable?: boolean;
  /** Its value is a number within these bounds. */
  readonly least?: number;
  readonly most?: number;
  /** Its value is one of these. */
  readonly choices?: readonly string[];
}

export interface Command<Name extends string = string> {
  /** As a user types it, such as `npm run bench --`. */
  readonly name: string;
  readonly purpose: string;
  readonly options?: Readonly<Record<Name, Option>>;
  /** What words without dashes stand for, such as `FILE...`; without it they are refused. */
  readonly words?: string;
  /** What else the help says, below the options. */
  readonly notes?: string;
  /** Whole commands. */
  readonly examples?: readonly string[];
}

export interface Options<Name extends string = string> {
  readonly isHelp: boolean;
  readonly words: readonly string[];
  flag(name: Name): boolean;
  text(name: Name): string | undefined;
  texts(name: Name): readonly string[];
  number(name: Name): number | undefined;
}

/** What a program ends with when it does not understand its command line. */
const USAGE_CODE = 2;

const HELP = { help: 'show this, and do nothing' } as const;

/** The help of a command, without a line break at its end. */
export function describeCommand({ name, purpose, options = {}, words, notes, examples = [] }: Command): string {
  const rows = Object.entries<Option>({ ...options, help: HELP }).map(([option, { value, help }]) => ({
    left: `  --${option}${value === undefined ? '' : ` ${value}`}`,
    lines: help.split('\n'),
  }));
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2;
  const usage = [`Usage: ${name}`, '[OPTIONS]', ...(words === undefined ? [] : [words])].join(' ');
  return [
    `${usage}\n\n${purpose}`,
    rows.map(({ left, lines }) => left.padEnd(width) + lines.join(`\n${' '.repeat(width)}`)).join('\n'),
    ...(notes === undefined ? [] : [notes]),
    ...(examples.length === 0 ? [] : [['Examples:', ...examples.map((example) => `  ${example}`)].join('\n')]),
  ].join('\n\n');
}

/** @throws AppError USAGE with one sentence: an option or word that there is not, or a value that cannot be. */
export function parseCommandLine<Name extends string>(command: Command<Name>, args: readonly string[]): Options<Name> {
  const specs = Object.entries<Option>(command.options ?? {});
  const { values, positionals } = parse(command, [...specs, ['help', HELP]], args);
  const isHelp = values.help === true;
  if (!isHelp) for (const [name, option] of specs) check(command, name, option, textsOf(values[name]));
  return {
    isHelp,
    words: positionals,
    flag: (name) => values[name] === true,
    text: (name) => textsOf(values[name])[0],
    texts: (name) => textsOf(values[name]),
    number(name) {
      const text = textsOf(values[name])[0];
      return text === undefined ? undefined : Number(text);
    },
  };
}

/** The process's own command line. Ends the process when help is asked for (0) and when it is not understood (2). */
export function commandLine<Name extends string>(command: Command<Name>): Options<Name> {
  try {
    const options = parseCommandLine(command, process.argv.slice(2));
    if (!options.isHelp) return options;
    process.stdout.write(`${describeCommand(command)}\n`);
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(USAGE_CODE);
  }
}

/** For what a command finds wrong itself. */
export function usageError({ name }: Command, sentence: string, cause?: unknown): AppError<'USAGE'> {
  return new AppError('USAGE', `${sentence}; see ${name} --help`, { cause });
}

function parse(command: Command, specs: readonly (readonly [string, Option])[], args: readonly string[]) {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    specs.map(([name, { value, isRepeatable = false }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: isRepeatable,
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: command.words !== undefined });
  } catch (error) {
    // The parser's first sentence says what is wrong; the rest tells of dashes.
    throw usageError(command, errorText(error).split(/\.\s/)[0] ?? '', error);
  }
}

function check(command: Command, name: string, { least, most, choices }: Option, texts: readonly string[]): void {
  for (const text of texts) {
    const is = `(it is ${JSON.stringify(text)})`;
    if (choices !== undefined && !choices.includes(text)) {
      throw usageError(command, `--${name} is one of ${choices.join(', ')} ${is}`);
    }
    if (least === undefined || most === undefined) continue;
    const number = Number(text);
    if (text.trim() !== '' && number >= least && number <= most) continue;
    throw usageError(command, `--${name} must be a number from ${least} to ${most} ${is}`);
  }
}

function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((text) => typeof text === 'string');
}
