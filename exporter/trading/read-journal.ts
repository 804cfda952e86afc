// One reading of the whole journal, in small steps: between two of them no lock is held and the feeds have their turn.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openJournalDatabase } from './journal-database.ts';
import { type JournalState, stateOfError } from './journal-state.ts';
import { type ClosedTrade, type EquityPoint, readEquity, readTrade } from './trade.ts';

export interface JournalReading {
  readonly state: JournalState;
  /** What was wrong, for the log. */
  readonly reason: string | undefined;
  readonly trades: readonly ClosedTrade[];
  readonly equity: readonly EquityPoint[];
  /** Closed trades and points that could not be understood. */
  readonly skippedRows: number;
}

/** A step of this size takes about a millisecond. */
const STEP = 500;
/** The newest ones count: a year of a busy bot, and a point every ten minutes of it. */
const MOST_TRADES = 50_000;
const MOST_POINTS = 60_000;

const NEEDED = ['symbol', 'closed_ts', 'pnl'];

/** Never throws: whatever is wrong with a file of somebody else is a state. */
export async function readJournal(path: string): Promise<JournalReading> {
  let database: DatabaseSync | undefined;
  try {
    database = openJournalDatabase(path);
    const columns = columnsOf(database, 'trades');
    const missing = NEEDED.filter((name) => !columns.includes(name));
    if (columns.length === 0) return failed('foreign', 'there is no table "trades"');
    if (missing.length > 0) return failed('foreign', `the table "trades" has no column ${missing.join(', ')}`);
    const strategy = columns.includes('strategy') ? ', strategy' : '';
    const wanted = `rowid AS row, symbol, closed_ts, pnl${strategy}`;
    const trades = await readSteps(
      database,
      'trades',
      wanted,
      'closed_ts IS NOT NULL AND pnl IS NOT NULL',
      MOST_TRADES,
      readTrade,
    );
    const equityColumns = columnsOf(database, 'equity');
    const hasEquity = ['ts', 'equity'].every((name) => equityColumns.includes(name));
    const equity = hasEquity
      ? await readSteps(database, 'equity', 'rowid AS row, ts, equity', 'true', MOST_POINTS, readEquity)
      : { values: [], skipped: 0 };
    return {
      state: trades.values.length === 0 ? 'empty' : 'ok',
      reason: trades.values.length === 0 ? 'no closed trade yet' : undefined,
      trades: trades.values,
      equity: equity.values.toSorted((one, other) => one.at - other.at),
      skippedRows: trades.skipped + equity.skipped,
    };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return failed(isMissing ? 'missing' : stateOfError(error), error instanceof Error ? error.message : String(error));
  } finally {
    database?.close();
  }
}

interface Steps<Value> {
  readonly values: readonly Value[];
  readonly skipped: number;
}

/** Newest rows first, a step at a time, by row number: each step is a statement, and so a lock, of its own. */
async function readSteps<Value>(
  database: DatabaseSync,
  table: 'trades' | 'equity',
  columns: string,
  condition: string,
  most: number,
  read: (row: Readonly<Record<string, unknown>>) => Value | undefined,
): Promise<Steps<Value>> {
  const statement = database.prepare(
    `SELECT ${columns} FROM ${table} WHERE rowid < ? AND ${condition} ORDER BY rowid DESC LIMIT ${STEP}`,
  );
  const values: Value[] = [];
  let skipped = 0;
  let before = Number.MAX_SAFE_INTEGER;
  while (values.length + skipped < most) {
    const rows = statement.all(before);
    for (const row of rows) {
      const value = read(row);
      if (value === undefined) skipped += 1;
      else values.push(value);
    }
    const last = rows.at(-1)?.row;
    if (rows.length < STEP || typeof last !== 'number') break;
    before = last;
    await nextTurn();
  }
  return { values, skipped };
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map((row) => String(row.name));
}

function failed(state: JournalState, reason: string): JournalReading {
  return { state, reason, trades: [], equity: [], skippedRows: 0 };
}
