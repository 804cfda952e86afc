// How a claim ends: one final state, or back into the queue. Guarded, so that a final state stays final.
import { AppError } from '../../../common/errors.ts';
import type { Settlement, State } from '../delivery.ts';
import { addToDigest, recordTransition, suppressPending } from './deliveries.ts';
import { integer, optionalInteger, text } from './rows.ts';
import { get, type Row, run, type Work } from './work.ts';

/** @throws AppError OUTBOX_CONFLICT when the delivery is not claimed. */
export function* settleDelivery(id: number, settlement: Settlement, nowMs: number): Work<void> {
  const row = yield* get(`SELECT * FROM deliveries WHERE id = ? AND state = 'claimed'`, id);
  if (row === undefined) throw new AppError('OUTBOX_CONFLICT', `delivery ${id} is not claimed: its state is final`);
  if (settlement.type === 'retry') {
    yield* putBack(row, settlement, nowMs);
    return;
  }
  const reason = 'reason' in settlement ? settlement.reason : null;
  yield* finish(row, settlement.type, reason, nowMs);
  if (settlement.type === 'delivered') {
    yield* run(
      'UPDATE deliveries SET message_id = ?, text = ? WHERE id = ?',
      settlement.messageId,
      settlement.text,
      id,
    );
    yield* keepMessageId(row, settlement.messageId);
  }
  if (settlement.type === 'unknown') yield* run('UPDATE deliveries SET text = ? WHERE id = ?', settlement.text, id);
  if (isOwedToDigest(row, settlement)) yield* addToDigest(id, text(row, 'chat'), nowMs);
}

function* putBack(row: Row, retry: Settlement & { readonly type: 'retry' }, nowMs: number): Work<void> {
  const id = integer(row, 'id');
  yield* run(
    `UPDATE deliveries SET state = 'pending', reason = ?, attempts = attempts + ?, due_at = ?, is_resend = 0 WHERE id = ?`,
    retry.reason,
    retry.isAttempt ? 1 : 0,
    Math.round(retry.dueAt),
    id,
  );
  yield* recordTransition(id, 'pending', retry.reason, nowMs);
  // Its end arrived while it was under way: the end is the news now.
  const end = yield* get(
    `SELECT id FROM deliveries WHERE target_id = ? AND phase = 'resolved' AND state = 'pending' LIMIT 1`,
    id,
  );
  if (end === undefined || row.phase !== 'firing') return;
  yield* suppressPending(id, 'resolved_first', nowMs);
  yield* run('UPDATE deliveries SET is_counted = 1 WHERE id = ?', integer(end, 'id'));
}

function* finish(row: Row, state: State, reason: string | null, nowMs: number): Work<void> {
  const id = integer(row, 'id');
  const isCounted = row.is_counted === 1 && (state === 'delivered' || state === 'unknown') ? 1 : 0;
  yield* run(
    'UPDATE deliveries SET state = ?, reason = ?, finished_at = ?, is_counted = ? WHERE id = ?',
    state,
    reason,
    nowMs,
    isCounted,
    id,
  );
  yield* recordTransition(id, state, reason, nowMs);
}

/** An edit that had to be sent anew gives the living message another id. */
function* keepMessageId(row: Row, messageId: number): Work<void> {
  const targetId = optionalInteger(row, 'target_id');
  if (targetId === undefined || row.phase === 'resolved') return;
  yield* run('UPDATE deliveries SET message_id = ? WHERE id = ?', messageId, targetId);
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
