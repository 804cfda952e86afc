// A bridge among others on one database: it counts as alive, and its claims hold, as long as it renews its lease.
// The renewal also carries what the others must know: who heard the heartbeat, who answers commands, who leads.

import type { Queries } from '../../sql/database.ts';
import { integer, optionalInteger } from '../../sql/rows.ts';

/** What one bridge tells the others. */
export interface PeerStatus {
  /** Milliseconds since it heard the heartbeat itself; an age, because its clock is not the others'. */
  readonly heardAgoMs: number | undefined;
  /** Whether it answers commands and buttons. */
  readonly isListening: boolean;
  readonly isLeading: boolean;
}

/** What is known of all bridges. */
export interface Peers {
  /** Bridges alive, this one among them. */
  readonly bridges: number;
  /** When the last of them heard the heartbeat, by the database's clock; differs by milliseconds from look to look. */
  readonly heardAt: number | undefined;
  readonly isListening: boolean;
  /** Whether another one leads. */
  readonly isLedByOther: boolean;
}

export const NO_PEERS: Peers = { bridges: 0, heardAt: undefined, isListening: false, isLedByOther: false };

/** Joins, and returns the number of this bridge. */
export async function join(sql: Queries, leaseMs: number): Promise<number> {
  return await sql.insert('INSERT INTO bridges (lease_until) VALUES (database_now() + ?)', leaseMs);
}

/** `false` when the row of this bridge is gone: it has to join again, and its claims are lost. */
export async function renew(
  sql: Queries,
  id: number,
  leaseMs: number,
  { heardAgoMs, isListening, isLeading }: PeerStatus,
): Promise<boolean> {
  const changes = await sql.run(
    `UPDATE bridges SET lease_until = database_now() + ?, heard_at = database_now() - ?, is_listening = ?, is_leading = ?
     WHERE id = ?`,
    ...[leaseMs, heardAgoMs === undefined ? null : Math.round(heardAgoMs), isListening ? 1 : 0, isLeading ? 1 : 0, id],
  );
  return changes > 0;
}

/** How long rows of dead bridges are kept: when they last heard the heartbeat still counts. */
const DEAD_KEPT_MS = 600_000;

/** @param id the bridge that looks */
export async function lookAround(sql: Queries, id: number): Promise<Peers> {
  const row = await sql.get(
    `SELECT COUNT(*) FILTER (WHERE lease_until > database_now()) AS bridges, MAX(heard_at) AS heard_at,
       COUNT(*) FILTER (WHERE lease_until > database_now() AND is_listening = 1) AS listening,
       COUNT(*) FILTER (WHERE lease_until > database_now() AND is_leading = 1 AND id <> ?) AS leading FROM bridges`,
    id,
  );
  if (row === undefined) return NO_PEERS;
  return {
    bridges: integer(row, 'bridges'),
    heardAt: optionalInteger(row, 'heard_at'),
    isListening: integer(row, 'listening') > 0,
    isLedByOther: integer(row, 'leading') > 0,
  };
}

export async function forgetDead(sql: Queries): Promise<void> {
  await sql.run('DELETE FROM bridges WHERE lease_until < database_now() - ?', DEAD_KEPT_MS);
}

export async function leave(sql: Queries, id: number): Promise<void> {
  await sql.run('UPDATE bridges SET lease_until = 0 WHERE id = ?', id);
}
