// A bridge among others on one database: it lives as long as it renews its lease, and its claims stand under that lease.
// What bridges tell each other (who heard the heartbeat, who answers commands) goes along with the renewal.
import { integer, optionalInteger } from '../sql/rows.ts';
import { get, insert, run, type Work } from '../sql/work.ts';

/** What one bridge tells the others. */
export interface Tidings {
  /** When it last heard the heartbeat, milliseconds since 1970. */
  readonly heardAt: number | undefined;
  /** Whether it answers commands and buttons. */
  readonly isListening: boolean;
}

export interface Company extends Tidings {
  /** Bridges alive, this one among them. */
  readonly bridges: number;
}

/** Joins, and returns the number of this bridge. */
export function* join(leaseMs: number): Work<number> {
  return yield* insert('INSERT INTO bridges (lease_until) VALUES (database_now() + ?)', leaseMs);
}

/** `false` when others have buried this bridge: it has to join anew, and its claims are lost. */
export function* renew(id: number, leaseMs: number, { heardAt, isListening }: Tidings): Work<boolean> {
  const changes = yield* run(
    `UPDATE bridges SET lease_until = database_now() + ?, heard_at = ?, is_listening = ? WHERE id = ?`,
    ...[leaseMs, heardAt === undefined ? null : Math.round(heardAt), isListening ? 1 : 0, id],
  );
  return changes > 0;
}

/** How long the dead are kept, so that what they heard last is not forgotten with them. */
const BURIED_AFTER_MS = 600_000;

export function* lookAround(): Work<Company> {
  const row = yield* get(
    `SELECT COUNT(*) FILTER (WHERE lease_until > database_now()) AS bridges, MAX(heard_at) AS heard_at,
       COUNT(*) FILTER (WHERE lease_until > database_now() AND is_listening = 1) AS listening FROM bridges`,
  );
  if (row === undefined) return { bridges: 0, heardAt: undefined, isListening: false };
  return {
    bridges: integer(row, 'bridges'),
    heardAt: optionalInteger(row, 'heard_at'),
    isListening: integer(row, 'listening') > 0,
  };
}

export function* buryDead(): Work<void> {
  yield* run('DELETE FROM bridges WHERE lease_until < database_now() - ?', BURIED_AFTER_MS);
}

export function* leave(id: number): Work<void> {
  yield* run('UPDATE bridges SET lease_until = 0, is_listening = 0 WHERE id = ?', id);
}
