// Claiming the most urgent due delivery, with all that is needed to write its message; and taking back lost claims.
import { epochMs } from '../../../common/brands.ts';
import { PRIORITIES } from '../../alert.ts';
import { type Delivery, PHASES, type Subject, type TargetMessage } from '../delivery.ts';
import { AGED_MS, AGED_RANK, type Rank } from '../priority.ts';
import { findAlert } from './alert-rows.ts';
import { readAddress } from './chats.ts';
import { type Connection, integer, member, optionalInteger, optionalText, type Row, text } from './connection.ts';
import { recordTransition } from './deliveries.ts';
import { readDigest } from './digest.ts';

/** Edits and endings wait for the message they refer to: order is kept per alert and chat. */
const HEAD_OF_EACH_CHAT = `
  SELECT d.* FROM json_each(?) c JOIN deliveries d ON d.id = (
    SELECT x.id FROM deliveries x LEFT JOIN deliveries t ON t.id = x.target_id
    WHERE x.chat = c.value AND x.state = 'pending' AND x.due_at <= ?
      AND x.rank <= ? AND (t.id IS NULL OR t.state NOT IN ('pending', 'claimed'))
    ORDER BY x.rank, x.id LIMIT 1)
  ORDER BY d.rank, d.id LIMIT 1`;

export function claimNext(
  db: Connection,
  chatKeys: readonly string[],
  nowMs: number,
  lowestRank: Rank,
): Delivery | undefined {
  const row = db.get(HEAD_OF_EACH_CHAT, JSON.stringify(chatKeys), nowMs, lowestRank);
  if (row === undefined) return undefined;
  const id = integer(row, 'id');
  db.run(`UPDATE deliveries SET state = 'claimed' WHERE id = ?`, id);
  recordTransition(db, id, 'claimed', null, nowMs);
  return readDelivery(db, row);
}

/** Low priority that has waited long enough moves up beside medium. */
export function ageWaiting(db: Connection, nowMs: number): void {
  db.run(
    `UPDATE deliveries SET rank = ? WHERE state = 'pending' AND rank > ? AND accepted_at < ?`,
    AGED_RANK,
    AGED_RANK,
    nowMs - AGED_MS,
  );
}

/** A digest may wait this long for the end of quiet hours, across restarts. */
const LONGEST_QUIET_MS = 25 * 3_600_000;

/**
 * Claims that nobody holds any more go back into the queue. New messages among them are marked: the chat may have them.
 * An edit repeated changes nothing. Waiting rows become due, since the clock they were written by may have been set.
 */
export function recoverClaims(db: Connection, nowMs: number): number {
  const lost = db.all(`SELECT id, phase, target_id FROM deliveries WHERE state = 'claimed'`);
  for (const row of lost) {
    const isNewMessage =
      row.phase === 'firing' || row.phase === 'digest' || row.phase === 'notice' || row.target_id === null;
    const id = integer(row, 'id');
    db.run(
      `UPDATE deliveries SET state = 'pending', reason = 'recovered', is_resend = ? WHERE id = ?`,
      isNewMessage ? 1 : 0,
      id,
    );
    recordTransition(db, id, 'pending', 'recovered', nowMs);
  }
  db.run(
    `UPDATE deliveries SET due_at = ? WHERE state = 'pending' AND due_at > CASE WHEN phase = 'digest' AND attempts = 0 THEN ? ELSE ? END`,
    nowMs,
    nowMs + LONGEST_QUIET_MS,
    nowMs,
  );
  return lost.length;
}

function readDelivery(db: Connection, row: Row): Delivery {
  const chat = db.get('SELECT * FROM chats WHERE key = ?', text(row, 'chat')) ?? {};
  return {
    id: integer(row, 'id'),
    chat: readAddress(chat),
    phase: member(row, 'phase', PHASES),
    priority: member(row, 'priority', PRIORITIES),
    attempts: integer(row, 'attempts'),
    isResend: row.is_resend === 1,
    isSilent: row.is_silent === 1,
    acceptedAt: epochMs(integer(row, 'accepted_at')),
    target: readTarget(db, optionalInteger(row, 'target_id')),
    subject: readSubject(db, row),
  };
}

function readTarget(db: Connection, id: number | undefined): TargetMessage | undefined {
  const row =
    id === undefined
      ? undefined
      : db.get('SELECT message_id, state, reason, finished_at FROM deliveries WHERE id = ?', id);
  if (row === undefined) return undefined;
  const finishedAt = optionalInteger(row, 'finished_at');
  const wasTold = row.state === 'delivered' || row.state === 'unknown';
  return {
    messageId: optionalInteger(row, 'message_id'),
    isReplaced: row.reason === 'resolved_first',
    toldAt: wasTold && finishedAt !== undefined ? epochMs(finishedAt) : undefined,
  };
}

function readSubject(db: Connection, row: Row): Subject {
  const notice = optionalText(row, 'notice');
  const alertId = optionalInteger(row, 'alert_id');
  if (notice !== undefined) return { type: 'notice', text: notice, alertId };
  const alert = alertId === undefined ? undefined : findAlert(db, alertId);
  if (alert) return { type: 'alert', alert };
  return { type: 'digest', digest: readDigest(db, optionalInteger(row, 'target_id') ?? integer(row, 'id')) };
}
