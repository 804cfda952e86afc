// node-postgres with our settings: durable commits, one at a time over all bridges, bounded waits. Holds no business rule.
// Only this folder and `cluster/` load the library, and only where a database address is given.
import { type ClientBase, Pool } from 'pg';
import { AppError, errorText } from '../../../../common/errors.ts';
import type { Database, Queries, SqlValue } from '../../sql/database.ts';
import { lockKey } from './locks.ts';
import { migrate, SCHEMA, type Schema } from './migrate.ts';

export interface PostgresConnection extends Database {
  /**
   * All or nothing like `commit`, but at the same time as others: for claims, which lock only the rows that they take.
   * @throws AppError OUTBOX_UNAVAILABLE
   */
  commitBeside<Result>(work: (sql: Queries) => Promise<Result>): Promise<Result>;
}

/** Few, because a bridge hardly ever waits for a connection, and each one costs the server a process. */
const MAX_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 3_000;
/** A query that takes longer is given up on both sides: Alertmanager waits ten seconds for the answer to a webhook. */
const QUERY_TIMEOUT_MS = 8_000;

/** Whatever the server's default is: a 2xx means "on disk". */
const BEGIN = 'BEGIN; SET LOCAL synchronous_commit = on';
const BEGIN_ALONE = `${BEGIN}; SELECT pg_advisory_xact_lock(${lockKey('decide')})`;

/**
 * Connects and brings the database to the present schema; several bridges may do so at once.
 * @param url `postgres://user:password@host:port/database`; never repeated in an error
 * @throws AppError OUTBOX_UNAVAILABLE when it cannot be reached, OUTBOX_TOO_NEW when a later version wrote it
 */
export async function openPostgres(url: string, schema: Schema = SCHEMA): Promise<PostgresConnection> {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'alert-bridge',
    types: { getTypeParser: () => String },
  });
  // A connection that breaks while nobody uses it, or between two queries, is replaced; whoever asks next hears of it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await withClient(pool, (client) => migrate(client, schema));
  } catch (error) {
    await pool.end();
    throw unavailable('the database of BRIDGE_DATABASE_URL cannot be used', error);
  }
  const commit = <Result>(begin: string, work: (sql: Queries) => Promise<Result>) =>
    withClient(pool, async (client) => {
      await client.query(begin);
      try {
        const result = await work(queriesOn(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    }).catch((error: unknown) => {
      throw unavailable('the outbox could not commit', error);
    });
  return {
    commit: (work) => commit(BEGIN_ALONE, work),
    commitBeside: (work) => commit(BEGIN, work),
    read: (work) =>
      withClient(pool, (client) => work(queriesOn(client))).catch((error: unknown) => {
        throw unavailable('the outbox could not be read', error);
      }),
    close: () => pool.end(),
  };
}

/** Closes a connection on which a query failed, because nobody knows its state; our own AppErrors leave it usable. */
async function withClient<Result>(pool: Pool, use: (client: ClientBase) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const result = await use(client);
    isBroken = false;
    return result;
  } catch (error) {
    isBroken = !(error instanceof AppError);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

function queriesOn(client: ClientBase): Queries {
  const ask = (sql: string, values: readonly SqlValue[]) =>
    client.query({ ...statementOf(sql), values: values.map(toParameter), types: TYPES });
  return {
    all: async (sql, ...values) => (await ask(sql, values)).rows,
    get: async (sql, ...values) => (await ask(sql, values)).rows[0],
    run: async (sql, ...values) => (await ask(sql, values)).rowCount ?? 0,
    insert: async (sql, ...values) => Number((await ask(`${sql} RETURNING id`, values)).rows[0]?.id),
  };
}

interface Statement {
  readonly text: string;
  /** The server parses it once for each connection. */
  readonly name: string;
}

const statements = new Map<string, Statement>();

function statementOf(sql: string): Statement {
  const known = statements.get(sql);
  if (known) return known;
  let parameter = 0;
  const text = sql.replaceAll('?', () => {
    parameter += 1;
    return `$${parameter}`;
  });
  const statement = { text, name: `s${statements.size}` };
  statements.set(sql, statement);
  return statement;
}

/** PostgreSQL stores every character but NUL, and an alert may contain it. */
function toParameter(value: SqlValue): SqlValue {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

/** bool, int8, int2, int4, oid, float4, float8, numeric: numbers as in SQLite; a boolean is 1 or 0. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);
const BOOLEAN = 16;

const TYPES = {
  getTypeParser: (type: number) => (text: string) => {
    if (NUMBERS.has(type)) return Number(text);
    return type === BOOLEAN ? Number(text === 't') : text;
  },
};

function unavailable(what: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('OUTBOX_UNAVAILABLE', `${what}: ${errorText(error)}`, { cause: error });
}
