// node:sqlite with our settings: durable commits, cached statements, work done in one go. Holds no business rule.
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AppError, errorText } from '../../../../common/errors.ts';
import { makeDirectory } from '../../../../common/make-directory.ts';
import type { Answer, Database, Query, Row, SqlValue, Work } from '../../sql/work.ts';
import { figureIn } from './figure-in.ts';
import { migrate, SCHEMA, type Schema } from './migrate.ts';

export interface Connection extends Database {
  /** `commit`, done when it returns. */
  commitNow<Result>(work: () => Work<Result>): Result;
  get(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  all(sql: string, ...values: readonly SqlValue[]): readonly Row[];
}

/** A backup may just be reading it when it is opened. */
const OPENING_BUSY_MS = 5_000;
/** SQLite waits in this thread for another program's lock, and everything else with it: better a 503, which is repeated. */
const BUSY_MS = 200;

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
    const database = new DatabaseSync(path, { timeout: OPENING_BUSY_MS, enableForeignKeyConstraints: true });
    // auto_vacuum must stand before the first table; then WAL with a sync at every commit: a 2xx means "on disk".
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA cache_size = -2000; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY;');
    migrate(database, path, schema);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
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
  const answer = ({ sql, values, isRead }: Query): Answer => {
    if (isRead) return { rows: prepare(sql).all(...values), changes: 0 };
    return { rows: [], changes: Number(prepare(sql).run(...values).changes) };
  };
  database.function('figure_in', { deterministic: true }, figureIn);
  const commitNow = <Result>(work: () => Work<Result>): Result => {
    try {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = doWork(work(), answer);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('OUTBOX_UNAVAILABLE', `the outbox could not commit: ${errorText(error)}`, { cause: error });
    }
  };
  return {
    commitNow,
    commit: async (work) => commitNow(work),
    read: async (work) => doWork(work(), answer),
    get: (sql, ...values) => prepare(sql).get(...values),
    all: (sql, ...values) => prepare(sql).all(...values),
    async close() {
      database.close();
      lock.close();
    },
  };
}

function doWork<Result>(work: Work<Result>, answer: (query: Query) => Answer): Result {
  let step = work.next();
  while (!step.done) step = work.next(answer(step.value));
  return step.value;
}
