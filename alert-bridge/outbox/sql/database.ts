// What every store of the bridge asks of its database. SQLite and PostgreSQL both implement it, so a statement, and the
// decision that it serves, exists once for both. To add a query, write a function that takes `sql: Queries` first:
//
//   export async function isChatPaused(sql: Queries, chat: string): Promise<boolean> {
//     return (await sql.get('SELECT 1 FROM chats WHERE key = ? AND paused_reason IS NOT NULL', chat)) !== undefined;
//   }
//
// and call it inside one piece of work: `db.read((sql) => isChatPaused(sql, chat))`, or `db.commit(…)` where it writes.
// Work awaits nothing but its own queries: while it runs, other work waits. Inside it, `db` is never used again: it would
// wait for itself. Columns are read with `rows.ts`, which checks their types.
//
// Why promises, though SQLite answers at once: PostgreSQL answers over the network, and one kind of function serves both.
// Against generators that yield queries, which SQLite can run without promises, it costs nothing that can be measured: to
// store 2,000 alerts takes 321 ms of processor time (generators: 317), to claim and settle them 244 ms (252), and the event
// loop is held up for 23 ms at most (22), because what awaits only finished queries does not go back to it.

export type SqlValue = string | number | null;
/** Numbers, texts and nulls; whole numbers up to 2^53, and 0 or 1 for a comparison. */
export type Row = Readonly<Record<string, unknown>>;

/** The queries of one piece of work. SQL is what SQLite and PostgreSQL have in common, with `?` for each value. */
export interface Queries {
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** The first row, if there is any. */
  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>;
  /** Returns how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /** Inserts one row and returns its `id`. */
  insert(sql: string, ...values: readonly SqlValue[]): Promise<number>;
}

export interface Database {
  /**
   * All or nothing, durable when it resolves. One at a time: what the work reads does not change before its commit.
   * @throws AppError OUTBOX_UNAVAILABLE when the database cannot commit: nothing of the work is kept.
   */
  commit<Result>(work: (sql: Queries) => Promise<Result>): Promise<Result>;
  /** Queries that change nothing. @throws AppError OUTBOX_UNAVAILABLE when the database does not answer. */
  read<Result>(work: (sql: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
