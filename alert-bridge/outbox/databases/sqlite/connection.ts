// node:sqlite with our settings: durable commits, cached statements, one piece of work at a time. Holds no business rule.
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AppError, errorText } from '../../../../common/errors.ts';
import { type FileLock, takeFileLock } from '../../../../common/file-lock.ts';
import { makeDirectory } from '../../../../common/make-directory.ts';
import type { Database, Queries } from '../../sql/database.ts';
import { figureIn } from './figure-in.ts';
import { migrate, SCHEMA, type Schema } from './migrate.ts';

/** When the bridge starts, a backup may just be reading the file. */
const OPENING_BUSY_MS = 5_000;
/** SQLite waits for another program's lock in this thread, and holds up everything else: better a 503, which is repeated. */
const BUSY_MS = 200;

/**
 * Opens or creates the database and brings it to the present schema. Only one process may have it; others may still read.
 * @throws AppError OUTBOX_LOCKED when another process has it, OUTBOX_UNAVAILABLE when it cannot be opened or is damaged,
 * OUTBOX_TOO_NEW when a later version wrote it and did more than add.
 */
export function openConnection(path: string, schema: Schema = SCHEMA): Database {
  let lock: FileLock | undefined;
  try {
    makeDirectory(dirname(path));
    lock = takeFileLock(`${path}.lock`);
    if (lock === undefined) {
      throw new AppError(
        'OUTBOX_LOCKED',
        `another alert-bridge has ${path}.lock: stop it, or give this one its own DATA_DIR`,
      );
    }
    const database = new DatabaseSync(path, { timeout: OPENING_BUSY_MS, enableForeignKeyConstraints: true });
    // auto_vacuum must stand before the first table; then WAL with a sync at every commit: a 2xx means "on disk".
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA cache_size = -2000; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY;');
    migrate(database, path, schema);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return wrap(database, lock);
  } catch (error) {
    lock?.release();
    if (error instanceof AppError) throw error;
    throw new AppError(
      'OUTBOX_UNAVAILABLE',
      `cannot open ${path} (${errorText(error)}): check that the folder is writable; a damaged file can be moved away, a new one is made`,
      { cause: error },
    );
  }
}

function wrap(database: DatabaseSync, lock: FileLock): Database {
  database.function('figure_in', { deterministic: true }, figureIn);
  const queries = createQueries(database);
  const inTurn = createTurns();
  return {
    commit: (work) =>
      inTurn(async () => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const result = await work(queries);
          database.exec('COMMIT');
          return result;
        } catch (error) {
          if (database.isTransaction) database.exec('ROLLBACK');
          throw error;
        }
      }).catch((error: unknown) => {
        throw unavailable('the outbox could not commit', error);
      }),
    read: (work) =>
      inTurn(() => work(queries)).catch((error: unknown) => {
        throw unavailable('the outbox could not be read', error);
      }),
    close: () =>
      inTurn(async () => {
        database.close();
        lock.release();
      }),
  };
}

/** Each query is done when it returns, so that a piece of work runs through without going back to the event loop. */
function createQueries(database: DatabaseSync): Queries {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    all: async (sql, ...values) => prepare(sql).all(...values),
    get: async (sql, ...values) => prepare(sql).get(...values),
    run: async (sql, ...values) => Number(prepare(sql).run(...values).changes),
    insert: async (sql, ...values) => Number(prepare(`${sql} RETURNING id`).get(...values)?.id),
  };
}

/** One connection holds one transaction: whoever comes meanwhile, also to read, waits until it has ended. */
function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}

function unavailable(what: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('OUTBOX_UNAVAILABLE', `${what}: ${errorText(error)}`, { cause: error });
}
