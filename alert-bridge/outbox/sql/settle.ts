// How a claim ends: in one final state, or back in the queue. Only a claimed delivery can be settled: a final state stays.
import { AppError } from '../../../common/errors.ts';
import type { Settlement, State } from '../delivery.ts';
import type { Queries, Row } from './database.ts';
import { recordTransition, suppressPending } from './deliveries.ts';
import { addToDigest } from './digest.ts';
import { integer, optionalInteger, text } from './rows.ts';

/** @throws AppError OUTBOX_CONFLICT when the delivery is not claimed. */
export async function settleDelivery(sql: Queries, id: number, settlement: Settlement, nowMs: number): Promise<void> {
  const row = await sql.get(`SELECT * FROM deliveries WHERE id = ? AND state = 'claimed'`, id);
  if (row === undefined) throw new AppError('OUTBOX_CONFLICT', `delivery ${id} is not claimed: its state is final`);
  if (settlement.type === 'retry') {
    await putBack(sql, row, settlement, nowMs);
    return;
  }
  const reason = 'reason' in settlement ? settlement.reason : null;
  await finish(sql, row, settlement.type, reason, nowMs);
  if (settlement.type === 'delivered') {
    await sql.run(
      'UPDATE deliveries SET message_id = ?, text = ? WHERE id = ?',
      settlement.messageId,
      settlement.text,
      id,
    );
    await keepMessageId(sql, row, settlement.messageId);
  }
  if (settlement.type === 'unknown') await sql.run('UPDATE deliveries SET text = ? WHERE id = ?', settlement.text, id);
  if (goesIntoDigest(row, settlement)) await addToDigest(sql, id, text(row, 'chat'), nowMs);
}

async function putBack(
  sql: Queries,
  row: Row,
  retry: Settlement & { readonly type: 'retry' },
  nowMs: number,
): Promise<void> {
  const id = integer(row, 'id');
  await sql.run(
    `UPDATE deliveries SET state = 'pending', reason = ?, attempts = attempts + ?, due_at = ?, is_resend = 0 WHERE id = ?`,
    retry.reason,
    retry.isAttempt ? 1 : 0,
    Math.round(retry.dueAt),
    id,
  );
  await recordTransition(sql, id, 'pending', retry.reason, nowMs);
  // The alert ended while its message was under way: the end is sent instead.
  const end = await sql.get(
    `SELECT id FROM deliveries WHERE target_id = ? AND phase = 'resolved' AND state = 'pending' LIMIT 1`,
    id,
  );
  if (end === undefined || row.phase !== 'firing') return;
  await suppressPending(sql, id, 'resolved_first', nowMs);
  await sql.run('UPDATE deliveries SET is_counted = 1 WHERE id = ?', integer(end, 'id'));
}

async function finish(sql: Queries, row: Row, state: State, reason: string | null, nowMs: number): Promise<void> {
  const id = integer(row, 'id');
  const isCounted = row.is_counted === 1 && (state === 'delivered' || state === 'unknown') ? 1 : 0;
  await sql.run(
    'UPDATE deliveries SET state = ?, reason = ?, finished_at = ?, is_counted = ? WHERE id = ?',
    state,
    reason,
    nowMs,
    isCounted,
    id,
  );
  await recordTransition(sql, id, state, reason, nowMs);
}

/** An edit that had to be sent anew gives the living message another id. */
async function keepMessageId(sql: Queries, row: Row, messageId: number): Promise<void> {
  const targetId = optionalInteger(row, 'target_id');
  if (targetId === undefined || row.phase === 'resolved') return;
  await sql.run('UPDATE deliveries SET message_id = ? WHERE id = ?', messageId, targetId);
}

/** A new message that may not have arrived, though nothing is wrong with the chat itself. */
function goesIntoDigest(row: Row, settlement: Settlement): boolean {
  const isNews = row.phase === 'firing' || (row.phase === 'resolved' && row.is_counted === 1);
  if (!isNews) return false;
  switch (settlement.type) {
    case 'expired':
    case 'unknown':
      return true;
    case 'dead':
      return settlement.reason === 'network' || settlement.reason === 'server_error';
    case 'delivered':
    case 'suppressed':
    case 'retry':
      return false;
  }
}
