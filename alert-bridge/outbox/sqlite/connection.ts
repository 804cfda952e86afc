// node:sqlite with our settings: durable commits, cached statements, rows read by checked columns. Holds no business rule.
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { AppError, errorText } from '../../../common/errors.ts';
import { makeDirectory } from '../../../common/make-directory.ts';
import { migrate, SCHEMA, type Schema } from './migrate.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface Connection {
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[];
  run(sql: string, ...values: readonly SQLInputValue[]): { readonly changes: number; readonly lastId: number };
  /** All or nothing, on disk when it returns. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

/**
 * Opens or creates the database and brings it to the present schema. Only one process may have it.
 * @throws AppError OUTBOX_LOCKED when another process has it, OUTBOX_UNAVAILABLE when it cannot be opened or is damaged,
 * OUTBOX_TOO_NEW when a later version wrote it and did more than add.
 */
export function openConnection(path: string, schema: Schema = SCHEMA): Connection {
  let lock: DatabaseSync | undefined;
  try {
    makeDirectory(dirname(path));
    lock = takeLock(`${path}.lock`);
    const database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: true });
    // auto_vacuum must stand before the first table; then WAL with a sync at every commit: a 2xx means "on disk".
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA cache_size = -2000; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY;');
    migrate(database, path, schema);
    return wrap(database, lock);
  } catch (error) {
    lock?.close();
    if (error instanceof AppError) throw error;
    throw new AppError(
      'OUTBOX_UNAVAILABLE',
      `cannot open ${path} (${errorText(error)}): check that the folder is writable; a damaged file can be moved away, a new one is made`,
      { cause: error },
    );
  }
}

/** SQLite's own file lock, held open: it ends with the process, however that ends, and others may still read the outbox. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new AppError(
      'OUTBOX_LOCKED',
      `another alert-bridge has ${path}: stop it, or give this one its own DATA_DIR`,
      {
        cause: error,
      },
    );
  }
}

function wrap(database: DatabaseSync, lock: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    get: (sql, ...values) => prepare(sql).get(...values),
    all: (sql, ...values) => prepare(sql).all(...values),
    run(sql, ...values) {
      const { changes, lastInsertRowid } = prepare(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    },
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close() {
      database.close();
      lock.close();
    },
  };
}

/** @throws TypeError when the column is no number: the schema and the query disagree. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is no number`);
  return value;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' ? value : undefined;
}

/** @throws TypeError when the column is no text: the schema and the query disagree. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

/** The member of a closed list that the column holds. @throws TypeError when it holds another. */
export function member<Value extends string>(row: Row, column: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === row[column]);
  if (found === undefined) throw new TypeError(`${column} is none of ${values.join(', ')}`);
  return found;
}
