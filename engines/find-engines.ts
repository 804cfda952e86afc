// Finds the four programs of Prometheus and Alertmanager: on PATH, else Debian's packages unpacked under `.cache/`.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AppError, errorText } from '../common/errors.ts';
import { fetchDebianEngines } from './debian-engines.ts';

const run = promisify(execFile);

export const ENGINE_NAMES = ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The first name is ours, the others are those of distributions. */
const PROGRAM_NAMES: Readonly<Record<EngineName, readonly string[]>> = {
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
  amtool: ['amtool'],
};

/** Absolute paths of programs that ran `--version`, and the versions they named. */
export interface Engines extends Readonly<Record<EngineName, string>> {
  readonly versions: Readonly<Record<EngineName, string>>;
}

export interface EngineSearch {
  /** Where fetched programs are kept; the checkout's `.cache`. */
  readonly cacheDir: string;
  /** Told in words what takes time. */
  readonly log: (line: string) => void;
  /** `PATH` by default. */
  readonly searchPath?: string;
  readonly fetch?: (cacheDir: string, log: (line: string) => void) => Promise<string>;
}

interface Found {
  readonly path: string;
  readonly version: string;
}

/**
 * Several callers may search at once, also in different processes.
 * @throws AppError ENGINE_MISSING naming the ways out, when a program is neither there nor can be fetched.
 */
export async function findEngines(search: EngineSearch): Promise<Engines> {
  const { cacheDir, log, searchPath = process.env.PATH ?? '', fetch = fetchDebianEngines } = search;
  const cached = join(resolve(cacheDir), 'engines', 'bin');
  const directories = [...searchPath.split(delimiter).filter((directory) => directory !== ''), cached];
  const present = await findAll(directories);
  if (isComplete(present)) return toEngines(present);
  const missing = ENGINE_NAMES.filter((name) => present[name] === undefined);
  log(`fetching ${missing.join(', ')} from Debian's packages into ${cacheDir} (once; nothing is installed) …`);
  let reason = '';
  try {
    directories.push(await fetch(resolve(cacheDir), log));
  } catch (error) {
    reason = errorText(error);
  }
  const found = await findAll(directories);
  if (isComplete(found)) return toEngines(found);
  const lacking = ENGINE_NAMES.filter((name) => found[name] === undefined);
  throw new AppError('ENGINE_MISSING', waysOut(lacking, reason));
}

function waysOut(missing: readonly string[], reason: string): string {
  return [
    `${missing.join(', ')} not found on PATH, and fetching Debian's packages did not work${reason ? `: ${reason}` : '.'}`,
    'Any of these helps:',
    '  - Debian or Ubuntu: apt-get install prometheus prometheus-alertmanager',
    '  - macOS: brew install prometheus alertmanager',
    '  - anywhere: put the programs of https://prometheus.io/download/ on PATH',
    '  - Docker: docker compose -f docker-compose.observability.yml up -d --build',
  ].join('\n');
}

type Findings = Readonly<Record<EngineName, Found | undefined>>;
type Complete = Readonly<Record<EngineName, Found>>;

async function findAll(directories: readonly string[]): Promise<Findings> {
  const [prometheus, promtool, alertmanager, amtool] = await Promise.all([
    findOne('prometheus', directories),
    findOne('promtool', directories),
    findOne('alertmanager', directories),
    findOne('amtool', directories),
  ]);
  return { prometheus, promtool, alertmanager, amtool };
}

function isComplete(findings: Findings): findings is Complete {
  return ENGINE_NAMES.every((name) => findings[name] !== undefined);
}

function toEngines({ prometheus, promtool, alertmanager, amtool }: Complete): Engines {
  return {
    prometheus: prometheus.path,
    promtool: promtool.path,
    alertmanager: alertmanager.path,
    amtool: amtool.path,
    versions: {
      prometheus: prometheus.version,
      promtool: promtool.version,
      alertmanager: alertmanager.version,
      amtool: amtool.version,
    },
  };
}

/** The first program of that name that really runs: a file for another machine is passed over. */
async function findOne(name: EngineName, directories: readonly string[]): Promise<Found | undefined> {
  for (const directory of directories) {
    for (const program of PROGRAM_NAMES[name]) {
      const path = resolve(directory, program);
      const version = isExecutable(path) ? await readVersion(path) : undefined;
      if (version !== undefined) return { path, version };
    }
  }
  return undefined;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function readVersion(path: string): Promise<string | undefined> {
  try {
    // Older releases print their version to standard error.
    const { stdout, stderr } = await run(path, ['--version'], { timeout: 20_000 });
    return /version (\d+\.\d+\.\d+)/.exec(`${stdout}\n${stderr}`)?.[1];
  } catch {
    return undefined;
  }
}
