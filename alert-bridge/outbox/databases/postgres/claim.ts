// PostgreSQL's way to find the next delivery among several bridges, and the claims of bridges that have died.
import type { Delivery } from '../../delivery.ts';
import { AGED_MS, AGED_RANK } from '../../priority.ts';
import { claimRow, takeBack } from '../../sql/claim.ts';
import { integer } from '../../sql/rows.ts';
import { all, get, run, type Work } from '../../sql/work.ts';
import type { OpenChat } from './pace.ts';

/** Edits and endings wait for the message they refer to. What another bridge is just claiming is passed over. */
const HEAD_OF_EACH_CHAT = `
  SELECT d.* FROM jsonb_to_recordset(?::jsonb) AS c (key TEXT, lowest BIGINT) CROSS JOIN LATERAL (
    SELECT x.* FROM deliveries x LEFT JOIN deliveries t ON t.id = x.target_id
    WHERE x.chat = c.key AND x.state = 'pending' AND x.due_at <= ?
      AND x.rank <= c.lowest AND (t.id IS NULL OR t.state NOT IN ('pending', 'claimed'))
    ORDER BY x.rank, x.id LIMIT 1 FOR UPDATE OF x SKIP LOCKED) d
  WHERE EXISTS (SELECT 1 FROM bridges b WHERE b.id = ? AND b.lease_until > database_now())
  ORDER BY d.rank, d.id LIMIT 1`;

/** @param holder the bridge that claims; one whose lease has run out gets nothing */
export function* claimNext(open: readonly OpenChat[], nowMs: number, holder: number): Work<Delivery | undefined> {
  if (open.length === 0) return undefined;
  const row = yield* get(HEAD_OF_EACH_CHAT, JSON.stringify(open), nowMs, holder);
  if (row === undefined) return undefined;
  yield* run('UPDATE deliveries SET holder = ? WHERE id = ?', holder, integer(row, 'id'));
  return yield* claimRow(row, nowMs);
}

/** Low priority that has waited long enough moves up beside medium; what somebody else is changing does so later. */
export function* ageWaiting(nowMs: number): Work<void> {
  yield* run(
    `UPDATE deliveries SET rank = ? WHERE id IN (SELECT id FROM deliveries
       WHERE state = 'pending' AND rank > ? AND accepted_at < ? FOR UPDATE SKIP LOCKED)`,
    AGED_RANK,
    AGED_RANK,
    nowMs - AGED_MS,
  );
}

/** Claims whose bridge has let its lease run out, or is gone. */
export function* takeBackOrphans(nowMs: number): Work<number> {
  const lost = yield* all(
    `SELECT d.id, d.phase, d.target_id FROM deliveries d WHERE d.state = 'claimed'
       AND NOT EXISTS (SELECT 1 FROM bridges b WHERE b.id = d.holder AND b.lease_until > database_now())`,
  );
  return yield* takeBack(lost, nowMs);
}
