// What the stores do with a database, written down without saying which: a piece of work is a generator that yields its
// queries and is handed their answers. SQLite runs it in one go, PostgreSQL over the network; the words of SQL and the
// decisions between them exist once.

export type SqlValue = string | number | null;
/** Numbers, texts and nulls; whole numbers up to 2^53, and 0 or 1 for a comparison. */
export type Row = Readonly<Record<string, unknown>>;

export interface Query {
  /** In the dialect that SQLite and PostgreSQL share, with `?` for each value. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Whether rows are wanted; otherwise only how many were changed. */
  readonly isRead: boolean;
}

export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

export type Work<Result> = Generator<Query, Result, Answer>;

/** A database that does work. */
export interface Database {
  /**
   * All or nothing, durable when it resolves. One at a time: what a commit decides on does not change meanwhile.
   * @throws AppError OUTBOX_UNAVAILABLE when the database cannot commit: nothing of the work is kept.
   */
  commit<Result>(work: () => Work<Result>): Promise<Result>;
  /** Queries that change nothing. @throws AppError OUTBOX_UNAVAILABLE when the database does not answer. */
  read<Result>(work: () => Work<Result>): Promise<Result>;
  close(): Promise<void>;
}

export function* all(sql: string, ...values: readonly SqlValue[]): Work<readonly Row[]> {
  return (yield { sql, values, isRead: true }).rows;
}

export function* get(sql: string, ...values: readonly SqlValue[]): Work<Row | undefined> {
  return (yield { sql, values, isRead: true }).rows[0];
}

/** Returns how many rows it changed. */
export function* run(sql: string, ...values: readonly SqlValue[]): Work<number> {
  return (yield { sql, values, isRead: false }).changes;
}

/** Inserts one row and returns its `id`. */
export function* insert(sql: string, ...values: readonly SqlValue[]): Work<number> {
  const row = (yield { sql: `${sql} RETURNING id`, values, isRead: true }).rows[0];
  return Number(row?.id);
}
