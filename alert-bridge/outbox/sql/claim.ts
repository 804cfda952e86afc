// A delivery is claimed, with all that is needed to write its message; and claims that were lost are taken back.
import { epochMs } from '../../../common/brands.ts';
import { PRIORITIES } from '../../model/alert.ts';
import { type Delivery, PHASES, type Subject, type TargetMessage } from '../delivery.ts';
import { AGED_MS, AGED_RANK, type Rank } from '../priority.ts';
import { findAlert } from './alert-rows.ts';
import { readAddress } from './chats.ts';
import { recordTransition } from './deliveries.ts';
import { readDigest } from './digest.ts';
import { integer, member, optionalInteger, optionalText, text } from './rows.ts';
import { get, type Row, run, type Work } from './work.ts';

/** The most urgent due delivery among these chats that may leave now; each database looks for it in its own way. */
export type Pick = (chatKeys: readonly string[], nowMs: number, lowestRank: Rank) => Work<Row | undefined>;

/** @param row the waiting delivery, as `pick` found it */
export function* claimRow(row: Row, nowMs: number): Work<Delivery> {
  const id = integer(row, 'id');
  yield* run(`UPDATE deliveries SET state = 'claimed' WHERE id = ?`, id);
  yield* recordTransition(id, 'claimed', null, nowMs);
  return yield* readDelivery(row);
}

/** Low priority that has waited long enough moves up beside medium. */
export function* ageWaiting(nowMs: number): Work<void> {
  yield* run(
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
 * An edit repeated changes nothing.
 * @param lost rows of `deliveries`
 */
export function* takeBack(lost: readonly Row[], nowMs: number): Work<number> {
  for (const row of lost) {
    const isNewMessage =
      row.phase === 'firing' || row.phase === 'digest' || row.phase === 'notice' || row.target_id === null;
    const id = integer(row, 'id');
    yield* run(
      `UPDATE deliveries SET state = 'pending', reason = 'recovered', is_resend = ? WHERE id = ?`,
      isNewMessage ? 1 : 0,
      id,
    );
    yield* recordTransition(id, 'pending', 'recovered', nowMs);
  }
  return lost.length;
}

/** What waits becomes due, since the clock that it was written by may have been set. */
export function* makeDue(nowMs: number): Work<void> {
  yield* run(
    `UPDATE deliveries SET due_at = ? WHERE state = 'pending' AND due_at > ?
       AND NOT (phase = 'digest' AND attempts = 0 AND due_at <= ?)`,
    nowMs,
    nowMs,
    nowMs + LONGEST_QUIET_MS,
  );
}

function* readDelivery(row: Row): Work<Delivery> {
  const chat = (yield* get('SELECT * FROM chats WHERE key = ?', text(row, 'chat'))) ?? {};
  return {
    id: integer(row, 'id'),
    chat: readAddress(chat),
    phase: member(row, 'phase', PHASES),
    priority: member(row, 'priority', PRIORITIES),
    attempts: integer(row, 'attempts'),
    isResend: row.is_resend === 1,
    isSilent: row.is_silent === 1,
    isRepeat: row.phase === 'firing' && (yield* wasToldBefore(row)),
    acceptedAt: epochMs(integer(row, 'accepted_at')),
    target: yield* readTarget(optionalInteger(row, 'target_id')),
    subject: yield* readSubject(row),
  };
}

function* wasToldBefore(row: Row): Work<boolean> {
  const earlier = yield* get(
    `SELECT 1 FROM deliveries WHERE alert_id = ? AND chat = ? AND phase = 'firing' AND id < ? LIMIT 1`,
    optionalInteger(row, 'alert_id') ?? null,
    text(row, 'chat'),
    integer(row, 'id'),
  );
  return earlier !== undefined;
}

function* readTarget(id: number | undefined): Work<TargetMessage | undefined> {
  const row =
    id === undefined
      ? undefined
      : yield* get('SELECT message_id, state, reason, finished_at FROM deliveries WHERE id = ?', id);
  if (row === undefined) return undefined;
  const finishedAt = optionalInteger(row, 'finished_at');
  const wasTold = row.state === 'delivered' || row.state === 'unknown';
  return {
    messageId: optionalInteger(row, 'message_id'),
    isReplaced: row.reason === 'resolved_first',
    toldAt: wasTold && finishedAt !== undefined ? epochMs(finishedAt) : undefined,
  };
}

function* readSubject(row: Row): Work<Subject> {
  const notice = optionalText(row, 'notice');
  const alertId = optionalInteger(row, 'alert_id');
  if (notice !== undefined) return { type: 'notice', text: notice, alertId };
  const alert = alertId === undefined ? undefined : yield* findAlert(alertId);
  if (alert) return { type: 'alert', alert };
  return { type: 'digest', digest: yield* readDigest(optionalInteger(row, 'target_id') ?? integer(row, 'id')) };
}
