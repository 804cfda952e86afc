// The records as git has them. The commit that brought a file is what proves who wrote it; a file that no commit has, or that
// was changed after it was written, proves nothing.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { runExternal, runOrThrow } from '../external.ts';
import { parseRecord, RECORDS, type RolloutRecord, recordPath, subjectOf } from './record.ts';

export interface Entry {
  readonly path: string;
  readonly record: RolloutRecord;
  /** `Name <address>` of the author of the commit that brought it. */
  readonly author: string | undefined;
  /** Why it does not count; it is told. */
  readonly fault: string | undefined;
}

export interface Ledger {
  /** What a roll-out is about: the newest commit that changed anything but records. */
  readonly commit: string;
  /** Files that are not as that commit has them. */
  readonly uncommitted: readonly string[];
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Files among the records that are no record. */
  readonly unreadable: readonly string[];
}

const OUTSIDE_RECORDS = ['--', '.', `:(exclude)${RECORDS}`];

/** @throws AppError ROLLOUT_NO_GIT where the checkout is no clone with a commit */
export async function readLedger(checkout: string): Promise<Ledger> {
  const git = (...args: readonly string[]) =>
    runOrThrow(['git', '-c', 'core.quotePath=false', ...args], 'ROLLOUT_NO_GIT', { cwd: checkout });
  const commit = (await git('log', '-1', '--format=%H', ...OUTSIDE_RECORDS)).trim();
  if (commit === '') throw new AppError('ROLLOUT_NO_GIT', `${checkout} has no commit: sign-offs need one to speak for`);
  const changed = await git('status', '--porcelain', ...OUTSIDE_RECORDS);
  const dirty = new Set(pathsOf(await git('status', '--porcelain', '--untracked-files=all', '--', RECORDS)));
  const authors = readAuthors(await git('log', '--format=%x01%an <%ae>', '--name-only', '--', RECORDS));
  const files = listFiles(checkout).filter((path) => path.endsWith('.json'));
  const read = files.map((path) => ({ path, record: parseRecord(readFileSync(join(checkout, path), 'utf8')) }));
  const entries = read.flatMap(({ path, record }) => {
    return record === undefined ? [] : [judge({ path, record, authors: authors.get(path) ?? [], dirty })];
  });
  return {
    commit,
    uncommitted: pathsOf(changed),
    entries: entries.toSorted((one, other) => one.record.at.localeCompare(other.record.at)),
    unreadable: read.filter(({ record }) => record === undefined).map(({ path }) => path),
  };
}

/** Writes one record and commits it alone. @throws AppError ROLLOUT_NOT_COMMITTED with the command that would do it */
export async function keepRecord(checkout: string, record: RolloutRecord, isCommitting: boolean): Promise<string> {
  const path = recordPath(record);
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), `${JSON.stringify(record, null, 2)}\n`, { flag: 'wx' });
  const message = `chore(rollout): ${subjectOf(record)} for ${record.commit.slice(0, 12)}`;
  if (!isCommitting) return `written, and it counts when it is committed: ${commandOf(path, message)}`;
  const added = await runExternal(['git', 'add', '--', path], { cwd: checkout });
  const done =
    added.code === 0 ? await runExternal(['git', 'commit', '-q', '-m', message, '--', path], { cwd: checkout }) : added;
  if (done.code === 0) return `recorded in git: ${path}`;
  throw new AppError(
    'ROLLOUT_NOT_COMMITTED',
    `${path} was written, but git would not commit it (${done.stderr.trim().split('\n').at(-1)}); it counts after:\n` +
      commandOf(path, message),
  );
}

/** Who git would name as the author. @throws AppError ROLLOUT_NO_GIT */
export async function whoAmI(checkout: string): Promise<string> {
  const identity = await runOrThrow(['git', 'var', 'GIT_AUTHOR_IDENT'], 'ROLLOUT_NO_GIT', { cwd: checkout });
  return identity.replace(/ \d+ [+-]\d+\s*$/, '').trim();
}

interface Found {
  readonly path: string;
  readonly record: RolloutRecord;
  readonly authors: readonly string[];
  readonly dirty: ReadonlySet<string>;
}

function judge({ path, record, authors, dirty }: Found): Entry {
  const author = authors.at(-1);
  if (author === undefined) return { path, record, author, fault: `${path} is not committed` };
  if (authors.length > 1 || dirty.has(path)) {
    return { path, record, author, fault: `${path} was changed after it was written` };
  }
  if (path !== recordPath(record)) return { path, record, author, fault: `${path} is a copy of another record` };
  return { path, record, author, fault: undefined };
}

/** Path → authors of the commits that touched it, newest first. */
function readAuthors(log: string): ReadonlyMap<string, readonly string[]> {
  const authors = new Map<string, string[]>();
  for (const block of log.split('\u0001').slice(1)) {
    const [author = '', ...paths] = block.split('\n').filter((line) => line !== '');
    for (const path of paths) authors.set(path, [...(authors.get(path) ?? []), author]);
  }
  return authors;
}

function listFiles(checkout: string): readonly string[] {
  try {
    return readdirSync(join(checkout, RECORDS), { recursive: true, encoding: 'utf8' })
      .map((name) => `${RECORDS}/${name}`)
      .toSorted();
  } catch {
    return [];
  }
}

function pathsOf(status: string): readonly string[] {
  return status
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));
}

function commandOf(path: string, message: string): string {
  return `git add ${path} && git commit -m ${JSON.stringify(message)} -- ${path}`;
}
