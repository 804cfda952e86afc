// A chat's digest: one message for the deliveries that were held back or may not have arrived. They are put into it here,
// and added up when it is sent.
import { epochMs } from '../../../common/brands.ts';
import type { DigestContent } from '../delivery.ts';
import type { Queries, Row } from './database.ts';
import { enqueueEdit, insertDelivery } from './deliveries.ts';
import { integer, text } from './rows.ts';

const DIGEST_SPAN_MS = 3_600_000;
/** Several refusals within this time share one edit. */
const DIGEST_EDIT_DELAY_MS = 5_000;
const MAX_SUBJECTS = 20;

/**
 * Puts a held-back delivery into its chat's digest of this hour: opens one at once, or enqueues an edit of the open one.
 * @param delayMs milliseconds until the chat's quiet hours end, where they hold it back: one digest waits for that
 */
export async function addToDigest(
  sql: Queries,
  deliveryId: number,
  chat: string,
  nowMs: number,
  delayMs = 0,
): Promise<void> {
  const open = delayMs > 0 ? await findWaitingDigest(sql, chat, nowMs) : await findOpenDigest(sql, chat, nowMs);
  const id = open?.id ?? (await insertDelivery(sql, { chat, phase: 'digest', priority: 'low', delayMs }, nowMs));
  await sql.run('UPDATE deliveries SET digest_id = ? WHERE id = ?', id, deliveryId);
  if (open?.isSent) {
    await enqueueEdit(
      sql,
      { chat, phase: 'digest_update', priority: 'low', targetId: id, delayMs: DIGEST_EDIT_DELAY_MS },
      nowMs,
    );
  }
}

interface OpenDigest {
  readonly id: number;
  readonly isSent: boolean;
}

async function findOpenDigest(sql: Queries, chat: string, nowMs: number): Promise<OpenDigest | undefined> {
  const row = await sql.get(
    `SELECT id, state FROM deliveries WHERE chat = ? AND phase = 'digest' AND accepted_at > ?
       AND (state IN ('claimed', 'delivered') OR (state = 'pending' AND (attempts > 0 OR due_at <= accepted_at)))
     ORDER BY id DESC LIMIT 1`,
    chat,
    nowMs - DIGEST_SPAN_MS,
  );
  return row && { id: integer(row, 'id'), isSent: row.state !== 'pending' };
}

/** The digest that waits for the end of quiet hours, however long it has waited. */
async function findWaitingDigest(sql: Queries, chat: string, nowMs: number): Promise<OpenDigest | undefined> {
  const row = await sql.get(
    `SELECT id FROM deliveries WHERE chat = ? AND phase = 'digest' AND state = 'pending' AND due_at > ? ORDER BY id DESC LIMIT 1`,
    chat,
    nowMs,
  );
  return row && { id: integer(row, 'id'), isSent: false };
}

/** @param digestId the delivery that sends the digest */
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
