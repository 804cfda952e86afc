// How a claim ends: one final state, or back into the queue. Guarded, so that a final state stays final.
import { AppError } from '../../../common/errors.ts';
import type { Settlement, State } from '../delivery.ts';
import { type Connection, integer, optionalInteger, type Row, text } from './connection.ts';
import { addToDigest, recordTransition, suppressPending } from './deliveries.ts';

/** @throws AppError OUTBOX_CONFLICT when the delivery is not claimed. */
export function settleDelivery(db: Connection, id: number, settlement: Settlement, nowMs: number): void {
  const row = db.get(`SELECT * FROM deliveries WHERE id = ? AND state = 'claimed'`, id);
  if (row === undefined) throw new AppError('OUTBOX_CONFLICT', `delivery ${id} is not claimed: its state is final`);
  if (settlement.type === 'retry') {
    putBack(db, row, settlement, nowMs);
    return;
  }
  const reason = 'reason' in settlement ? settlement.reason : null;
  finish(db, row, settlement.type, reason, nowMs);
  if (settlement.type === 'delivered') {
    db.run('UPDATE deliveries SET message_id = ?, text = ? WHERE id = ?', settlement.messageId, settlement.text, id);
    keepMessageId(db, row, settlement.messageId);
  }
  if (settlement.type === 'unknown') db.run('UPDATE deliveries SET text = ? WHERE id = ?', settlement.text, id);
  if (isOwedToDigest(row, settlement)) addToDigest(db, id, text(row, 'chat'), nowMs);
}

function putBack(db: Connection, row: Row, retry: Settlement & { readonly type: 'retry' }, nowMs: number): void {
  const id = integer(row, 'id');
  db.run(
    `UPDATE deliveries SET state = 'pending', reason = ?, attempts = attempts + ?, due_at = ?, is_resend = 0 WHERE id = ?`,
    retry.reason,
    retry.isAttempt ? 1 : 0,
    Math.round(retry.dueAt),
    id,
  );
  recordTransition(db, id, 'pending', retry.reason, nowMs);
  // Its end arrived while it was under way: the end is the news now.
  const end = db.get(
    `SELECT id FROM deliveries WHERE target_id = ? AND phase = 'resolved' AND state = 'pending' LIMIT 1`,
    id,
  );
  if (end === undefined || row.phase !== 'firing') return;
  suppressPending(db, id, 'resolved_first', nowMs);
  db.run('UPDATE deliveries SET is_counted = 1 WHERE id = ?', integer(end, 'id'));
}

function finish(db: Connection, row: Row, state: State, reason: string | null, nowMs: number): void {
  const id = integer(row, 'id');
  const isCounted = row.is_counted === 1 && (state === 'delivered' || state === 'unknown') ? 1 : 0;
  db.run(
    'UPDATE deliveries SET state = ?, reason = ?, finished_at = ?, is_counted = ? WHERE id = ?',
    state,
    reason,
    nowMs,
    isCounted,
    id,
  );
  recordTransition(db, id, state, reason, nowMs);
}

/** An edit that had to be sent anew gives the living message another id. */
function keepMessageId(db: Connection, row: Row, messageId: number): void {
  const targetId = optionalInteger(row, 'target_id');
  if (targetId === undefined || row.phase === 'resolved') return;
  db.run('UPDATE deliveries SET message_id = ? WHERE id = ?', messageId, targetId);
}

/** News that its chat may not have, though nothing says that the chat itself is wrong. */
function isOwedToDigest(row: Row, settlement: Settlement): boolean {
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
