// In what condition the existing bot's journal was found. Each has a name, because each asks for something else of people.

/**
 * `ok`: read. `empty`: tables without a closed trade. `missing`: no such file. `locked`: somebody writes at this moment.
 * `foreign`: a database without the tables or columns that a journal has. `damaged`: no SQLite, or not readable to the end.
 */
export const JOURNAL_STATES = ['ok', 'empty', 'missing', 'locked', 'foreign', 'damaged'] as const;
export type JournalState = (typeof JOURNAL_STATES)[number];

/** Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte of an extended code. */
const ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const CANNOT_OPEN = 14;

/** Reading a journal whose writer crashed would mean to repair it (READ_ONLY): that is its owner's, and passes. */
export function stateOfError(error: unknown): JournalState {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  switch (code) {
    // A statement that the tables do not fit: a view, or a table without row numbers.
    case ERROR:
      return 'foreign';
    case BUSY:
    case LOCKED:
    case READ_ONLY:
    case CANNOT_OPEN:
      return 'locked';
    default:
      return 'damaged';
  }
}
