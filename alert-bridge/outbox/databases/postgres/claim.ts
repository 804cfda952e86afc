// PostgreSQL's way to find the next delivery among several bridges, and the claims of bridges that have died.
import type { Delivery } from '../../delivery.ts';
import { AGED_MS, AGED_RANK } from '../../priority.ts';
import { claimRow, takeBack } from '../../sql/claim.ts';
import type { Queries } from '../../sql/database.ts';
import { integer } from '../../sql/rows.ts';
import type { OpenChat } from './pace.ts';

/** Edits and ends wait for the message they refer to. Rows that another bridge is just claiming are skipped. */
const HEAD_OF_EACH_CHAT = `
  SELECT d.* FROM jsonb_to_recordset(?::jsonb) AS c (key TEXT, lowest BIGINT) CROSS JOIN LATERAL (
    SELECT x.* FROM deliveries x LEFT JOIN deliveries t ON t.id = x.target_id
    WHERE x.chat = c.key AND x.state = 'pending' AND x.due_at <= ?
      AND x.rank <= c.lowest AND (t.id IS NULL OR t.state NOT IN ('pending', 'claimed'))
    ORDER BY x.rank, x.id LIMIT 1 FOR UPDATE OF x SKIP LOCKED) d
  WHERE EXISTS (SELECT 1 FROM bridges b WHERE b.id = ? AND b.lease_until > database_now())
  ORDER BY d.rank, d.id LIMIT 1`;

/** @param holder the bridge that claims; one whose lease has run out gets nothing */
export async function claimNext(
  sql: Queries,
  open: readonly OpenChat[],
  nowMs: number,
  holder: number,
): Promise<Delivery | undefined> {
  if (open.length === 0) return undefined;
  const row = await sql.get(HEAD_OF_EACH_CHAT, JSON.stringify(open), nowMs, holder);
  if (row === undefined) return undefined;
  await sql.run('UPDATE deliveries SET holder = ? WHERE id = ?', holder, integer(row, 'id'));
  return await claimRow(sql, row, nowMs);
}

/** Low priority that has waited long enough moves up beside medium; rows that another bridge has locked do so later. */
export async function ageWaiting(sql: Queries, nowMs: number): Promise<void> {
  await sql.run(
    `UPDATE deliveries SET rank = ? WHERE id IN (SELECT id FROM deliveries
       WHERE state = 'pending' AND rank > ? AND accepted_at < ? FOR UPDATE SKIP LOCKED)`,
    AGED_RANK,
    AGED_RANK,
    nowMs - AGED_MS,
  );
}

/** Takes back the claims of bridges whose lease has run out. */
export async function takeBackOrphans(sql: Queries, nowMs: number): Promise<number> {
  const lost = await sql.all(
    `SELECT d.id, d.phase, d.target_id FROM deliveries d WHERE d.state = 'claimed'
       AND NOT EXISTS (SELECT 1 FROM bridges b WHERE b.id = d.holder AND b.lease_until > database_now())`,
  );
  return await takeBack(sql, lost, nowMs);
}
