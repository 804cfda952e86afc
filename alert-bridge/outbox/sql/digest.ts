// What one digest tells: the deliveries that were held back into it, added up.
import { epochMs } from '../../../common/brands.ts';
import type { DigestContent } from '../delivery.ts';
import type { Queries, Row } from './database.ts';
import { integer, text } from './rows.ts';

const MAX_SUBJECTS = 20;

export async function readDigest(sql: Queries, digestId: number): Promise<DigestContent> {
  const totals = await sql.get(
    `SELECT COUNT(*) AS total, MIN(accepted_at) AS since, COUNT(*) FILTER (WHERE state = 'unknown') AS unconfirmed FROM deliveries WHERE digest_id = ?`,
    digestId,
  );
  const own = await sql.get('SELECT accepted_at FROM deliveries WHERE id = ?', digestId);
  const bySubject = await sql.all(
    `SELECT COALESCE(a.symbol, a.name) AS subject, COUNT(*) AS count FROM deliveries d JOIN alerts a ON a.id = d.alert_id
     WHERE d.digest_id = ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MAX_SUBJECTS}`,
    digestId,
  );
  const byReason = await sql.all(
    `SELECT COALESCE(reason, state) AS reason, COUNT(*) AS count FROM deliveries WHERE digest_id = ? GROUP BY 1 ORDER BY 2 DESC, 1`,
    digestId,
  );
  return {
    since: epochMs(Number(totals?.since ?? own?.accepted_at ?? 0)),
    total: Number(totals?.total ?? 0),
    unconfirmed: Number(totals?.unconfirmed ?? 0),
    bySubject: bySubject.map((row) => [text(row, 'subject'), integer(row, 'count')]),
    byReason: byReason.map((row) => [text(row, 'reason'), integer(row, 'count')]),
    largest: readLargest(
      await sql.get(
        `SELECT COALESCE(a.symbol, a.name) AS subject, a.name, COALESCE(figure_in(a.peak, 'notional_usd'), 0) AS notional
         FROM deliveries d JOIN alerts a ON a.id = d.alert_id
         WHERE d.digest_id = ? ORDER BY 3 DESC LIMIT 1`,
        digestId,
      ),
    ),
  };
}

function readLargest(row: Row | undefined): DigestContent['largest'] {
  if (row === undefined || typeof row.notional !== 'number' || !(row.notional > 0)) return undefined;
  return { subject: text(row, 'subject'), name: text(row, 'name'), notionalUsd: row.notional };
}
