// Forgetting: finished deliveries past their retention go, a few at a time, and their pages go back to the file system.
import type { Connection } from './connection.ts';

const STEP = 500;
const VACUUM_PAGES = 200;

export function pruneStep(db: Connection, beforeMs: number): number {
  const { changes } = db.run(
    `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE accepted_at < ? AND state NOT IN ('pending', 'claimed')
       ORDER BY accepted_at LIMIT ${STEP})`,
    beforeMs,
  );
  db.run(
    `DELETE FROM alerts WHERE id IN (SELECT id FROM alerts a WHERE accepted_at < ?
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id) ORDER BY accepted_at LIMIT ${STEP})`,
    beforeMs,
  );
  db.run('DELETE FROM silences WHERE ended_at < ?', beforeMs);
  return changes;
}

/** Outside any transaction. */
export function giveBackPages(db: Connection): void {
  db.all(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
}
