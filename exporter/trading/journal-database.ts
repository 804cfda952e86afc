// Opens the existing bot's database without a trace: no lock that its writer could notice for longer than a small read, no
// file made beside it, no repair. Knows SQLite's files, not what is in them.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** Offset 18 of the header: 2 where the database keeps a write-ahead log. https://www.sqlite.org/fileformat.html */
const WRITE_VERSION = 18;
const HEADER_BYTES = 100;

/** @throws Error with SQLite's `errcode` */
export function openJournalDatabase(path: string): DatabaseSync {
  const options = { readOnly: true, timeout: 0 } as const;
  if (isWriteAhead(path) && !hasLog(path)) {
    // Nobody has it open: everything is in the file. An ordinary reader would now make `-wal` and `-shm` files that belong to
    // us, and the bot could not write beside them. `immutable` makes none.
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, options);
  }
  return new DatabaseSync(path, options);
}

/** Readers of a write-ahead log never hold up its writer, as long as both of its files are there already. */
function hasLog(path: string): boolean {
  return existsSync(`${path}-wal`) && existsSync(`${path}-shm`);
}

function isWriteAhead(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return readSync(file, header, 0, HEADER_BYTES, 0) === HEADER_BYTES && header[WRITE_VERSION] === 2;
  } finally {
    closeSync(file);
  }
}

/** Changes whenever somebody has written; cheap to ask. */
export function journalMark(path: string): string | undefined {
  const marks = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false }));
  if (marks[0] === undefined) return undefined;
  return marks
    .map((status) => (status === undefined ? '–' : `${status.ino} ${status.size} ${status.mtimeMs}`))
    .join(' ');
}
