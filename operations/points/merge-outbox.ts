// Makes an old outbox fit for the present: nothing that waited in it is sent, what was sent since is known, and nobody who
// subscribed since is forgotten. Works on copies; the bridge must not have either file open.
import { DatabaseSync } from 'node:sqlite';
import type { EpochMs } from '../../common/brands.ts';
import { errorText } from '../../common/errors.ts';
import { inspectDatabase } from './sqlite-backup.ts';

export interface OutboxMerge {
  /** Messages that waited in the old outbox and are ended with the reason `restored`. */
  readonly expired: number;
  /** Rows taken over from the present outbox, by table. */
  readonly takenOver: Readonly<Record<string, number>>;
  /** Why the present outbox could not be read; `undefined` where it could, or there is none. */
  readonly lost: string | undefined;
}

/** Chats and what people chose: united, the newer choice wins. */
const CHOICES = ['chats', 'subscriptions'];
/** What has happened since: rows with a later number. In the order in which they refer to each other. */
const EVENTS = ['alerts', 'deliveries'];

/**
 * @param restored a copy of the point's outbox; changed in place
 * @param present a copy of the present one; `undefined` where there is none
 */
export function mergeOutbox(restored: string, present: string | undefined, now: EpochMs): OutboxMerge {
  const database = new DatabaseSync(restored, { enableForeignKeyConstraints: false });
  try {
    const { takenOver, lost } = takeOver(database, present);
    const nowMs = Math.round(now);
    database.exec('BEGIN IMMEDIATE');
    // Without the present outbox nobody knows which of them still fire; Alertmanager sends again what does.
    if (present === undefined || lost !== undefined) {
      database.prepare(`UPDATE alerts SET status = 'resolved', ends_at = ? WHERE status = 'firing'`).run(nowMs);
    }
    database
      .prepare(
        `INSERT INTO transitions (delivery_id, at, state, reason)
         SELECT id, ?, 'expired', 'restored' FROM deliveries WHERE state IN ('pending', 'claimed')`,
      )
      .run(nowMs);
    const { changes } = database
      .prepare(
        `UPDATE deliveries SET state = 'expired', reason = 'restored', finished_at = ? WHERE state IN ('pending', 'claimed')`,
      )
      .run(nowMs);
    database.exec('COMMIT');
    return { expired: Number(changes), takenOver, lost };
  } finally {
    database.close();
  }
}

function takeOver(database: DatabaseSync, present: string | undefined): Pick<OutboxMerge, 'takenOver' | 'lost'> {
  const takenOver: Record<string, number> = {};
  if (present === undefined) return { takenOver, lost: undefined };
  const { integrity } = inspectDatabase(present);
  if (integrity === 'missing') return { takenOver, lost: undefined };
  let lost = integrity === 'ok' ? undefined : integrity;
  try {
    database.prepare('ATTACH DATABASE ? AS present').run(present);
  } catch (error) {
    return { takenOver, lost: errorText(error) };
  }
  // A damaged file may still give what people chose: each table is tried by itself.
  const tables = lost === undefined && isSameHistory(database) ? [...CHOICES, ...EVENTS] : CHOICES;
  for (const table of tables) {
    try {
      const rows = CHOICES.includes(table) ? uniteChoices(database, table) : takeLater(database, table);
      if (rows > 0) takenOver[table] = rows;
    } catch (error) {
      lost ??= `${table}: ${errorText(error)}`;
    }
  }
  database.exec('DETACH DATABASE present');
  return { takenOver, lost };
}

/** Numbers of rows mean the same in both only where one has grown out of the other. */
function isSameHistory(database: DatabaseSync): boolean {
  const last = database.prepare('SELECT id, fingerprint, starts_at FROM main.alerts ORDER BY id DESC LIMIT 1').get();
  if (last === undefined) return true;
  const twin = database.prepare('SELECT fingerprint, starts_at FROM present.alerts WHERE id = ?').get(last.id ?? null);
  return twin?.fingerprint === last.fingerprint && twin?.starts_at === last.starts_at;
}

function uniteChoices(database: DatabaseSync, table: string): number {
  const columns = sharedColumns(database, table);
  const changed = columns.filter((column) => column !== 'key' && column !== 'chat');
  if (columns.length === 0) return 0;
  const newer = columns.includes('updated_at') ? `WHERE excluded.updated_at > ${table}.updated_at` : '';
  const key = table === 'chats' ? 'key' : 'chat';
  const { changes } = database
    .prepare(
      `INSERT INTO main.${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM present.${table} WHERE true
       ON CONFLICT (${key}) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')} ${newer}`,
    )
    .run();
  return Number(changes);
}

/** Later rows come as they are; earlier ones take their present state, so that what was sent meanwhile counts as sent. */
function takeLater(database: DatabaseSync, table: string): number {
  const columns = sharedColumns(database, table);
  const set = columns.filter((column) => column !== 'id').map((column) => `${column} = p.${column}`);
  database.exec(`UPDATE main.${table} SET ${set.join(', ')} FROM present.${table} AS p WHERE p.id = main.${table}.id`);
  const { changes } = database
    .prepare(
      `INSERT INTO main.${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM present.${table}
       WHERE id > (SELECT COALESCE(MAX(id), 0) FROM main.${table})`,
    )
    .run();
  return Number(changes);
}

/** Columns of both versions: an upgrade between point and present only adds. Names are SQLite's own, not a user's. */
function sharedColumns(database: DatabaseSync, table: string): readonly string[] {
  const columns = (schema: string) =>
    database
      .prepare(`SELECT name FROM pragma_table_info(?, ?)`)
      .all(table, schema)
      .map((row) => String(row.name));
  const present = columns('present');
  return columns('main').filter((column) => present.includes(column));
}
