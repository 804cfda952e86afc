// Deletes finished deliveries past their retention, and alerts that no delivery needs, a few at a time.
import type { Queries } from './database.ts';

const STEP = 500;

export async function pruneStep(sql: Queries, beforeMs: number): Promise<number> {
  const pruned = await sql.run(
    `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE accepted_at < ? AND state NOT IN ('pending', 'claimed')
       ORDER BY accepted_at LIMIT ${STEP})`,
    beforeMs,
  );
  await sql.run(
    `DELETE FROM alerts WHERE id IN (SELECT id FROM alerts a WHERE accepted_at < ?
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id) ORDER BY accepted_at LIMIT ${STEP})`,
    beforeMs,
  );
  await sql.run('DELETE FROM silences WHERE ended_at < ?', beforeMs);
  return pruned;
}
