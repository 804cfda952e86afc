// How the next delivery is found in SQLite. All claims that are there at the start are left from a crash.
import type { Rank } from '../../priority.ts';
import { takeBack } from '../../sql/claim.ts';
import type { Queries, Row } from '../../sql/database.ts';

/** Edits and ends wait for the message they refer to, so that order is kept per alert and chat. */
const HEAD_OF_EACH_CHAT = `
  SELECT d.* FROM json_each(?) c JOIN deliveries d ON d.id = (
    SELECT x.id FROM deliveries x LEFT JOIN deliveries t ON t.id = x.target_id
    WHERE x.chat = c.value AND x.state = 'pending' AND x.due_at <= ?
      AND x.rank <= ? AND (t.id IS NULL OR t.state NOT IN ('pending', 'claimed'))
    ORDER BY x.rank, x.id LIMIT 1)
  ORDER BY d.rank, d.id LIMIT 1`;

/** The most urgent due delivery among these chats that may leave now. */
export async function pickNext(
  sql: Queries,
  chatKeys: readonly string[],
  nowMs: number,
  lowestRank: Rank,
): Promise<Row | undefined> {
  return await sql.get(HEAD_OF_EACH_CHAT, JSON.stringify(chatKeys), nowMs, lowestRank);
}

/** To be done before the first claim of this process, the only one that has the file. */
export async function takeBackAll(sql: Queries, nowMs: number): Promise<number> {
  return await takeBack(
    sql,
    await sql.all(`SELECT id, phase, target_id FROM deliveries WHERE state = 'claimed'`),
    nowMs,
  );
}
