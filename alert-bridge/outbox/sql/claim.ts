// A delivery is claimed, together with all that its message needs; claims that a crash left behind are taken back. Each
// database finds the next delivery in its own way: `databases/*/claim.ts`.
import { epochMs } from '../../../common/brands.ts';
import { PRIORITIES } from '../../model/alert.ts';
import { type Delivery, PHASES, type Subject, type TargetMessage } from '../delivery.ts';
import { AGED_MS, AGED_RANK } from '../priority.ts';
import { findAlert } from './alert-rows.ts';
import { readAddress } from './chats.ts';
import type { Queries, Row } from './database.ts';
import { recordTransition } from './deliveries.ts';
import { readDigest } from './digest.ts';
import { integer, member, optionalInteger, optionalText, text } from './rows.ts';

/** @param row the waiting delivery, as its database found it */
export async function claimRow(sql: Queries, row: Row, nowMs: number): Promise<Delivery> {
  const id = integer(row, 'id');
  await sql.run(`UPDATE deliveries SET state = 'claimed' WHERE id = ?`, id);
  await recordTransition(sql, id, 'claimed', null, nowMs);
  return await readDelivery(sql, row);
}

/** Low priority that has waited long enough moves up beside medium. */
export async function ageWaiting(sql: Queries, nowMs: number): Promise<void> {
  await sql.run(
    `UPDATE deliveries SET rank = ? WHERE state = 'pending' AND rank > ? AND accepted_at < ?`,
    AGED_RANK,
    AGED_RANK,
    nowMs - AGED_MS,
  );
}

/** A digest may wait this long for the end of quiet hours, across restarts. */
const LONGEST_QUIET_MS = 25 * 3_600_000;

/**
 * Claims that nobody holds any more go back into the queue. New messages among them are marked, because the chat may have
 * them already; to repeat an edit changes nothing.
 * @param lost rows of `deliveries`
 */
export async function takeBack(sql: Queries, lost: readonly Row[], nowMs: number): Promise<number> {
  for (const row of lost) {
    const isNewMessage =
      row.phase === 'firing' || row.phase === 'digest' || row.phase === 'notice' || row.target_id === null;
    const id = integer(row, 'id');
    await sql.run(
      `UPDATE deliveries SET state = 'pending', reason = 'recovered', is_resend = ? WHERE id = ?`,
      isNewMessage ? 1 : 0,
      id,
    );
    await recordTransition(sql, id, 'pending', 'recovered', nowMs);
  }
  return lost.length;
}

/** Makes due what waits: the clock by which it was put off may have been set meanwhile. */
export async function makeDue(sql: Queries, nowMs: number): Promise<void> {
  await sql.run(
    `UPDATE deliveries SET due_at = ? WHERE state = 'pending' AND due_at > ?
       AND NOT (phase = 'digest' AND attempts = 0 AND due_at <= ?)`,
    nowMs,
    nowMs,
    nowMs + LONGEST_QUIET_MS,
  );
}

async function readDelivery(sql: Queries, row: Row): Promise<Delivery> {
  const chat = (await sql.get('SELECT * FROM chats WHERE key = ?', text(row, 'chat'))) ?? {};
  return {
    id: integer(row, 'id'),
    chat: readAddress(chat),
    phase: member(row, 'phase', PHASES),
    priority: member(row, 'priority', PRIORITIES),
    attempts: integer(row, 'attempts'),
    isResend: row.is_resend === 1,
    isSilent: row.is_silent === 1,
    isRepeat: row.phase === 'firing' && (await wasNotifiedBefore(sql, row)),
    acceptedAt: epochMs(integer(row, 'accepted_at')),
    target: await readTarget(sql, optionalInteger(row, 'target_id')),
    subject: await readSubject(sql, row),
  };
}

async function wasNotifiedBefore(sql: Queries, row: Row): Promise<boolean> {
  const earlier = await sql.get(
    `SELECT 1 FROM deliveries WHERE alert_id = ? AND chat = ? AND phase = 'firing' AND id < ? LIMIT 1`,
    optionalInteger(row, 'alert_id') ?? null,
    text(row, 'chat'),
    integer(row, 'id'),
  );
  return earlier !== undefined;
}

async function readTarget(sql: Queries, id: number | undefined): Promise<TargetMessage | undefined> {
  const row =
    id === undefined
      ? undefined
      : await sql.get('SELECT message_id, state, reason, finished_at FROM deliveries WHERE id = ?', id);
  if (row === undefined) return undefined;
  const finishedAt = optionalInteger(row, 'finished_at');
  const wasNotified = row.state === 'delivered' || row.state === 'unknown';
  return {
    messageId: optionalInteger(row, 'message_id'),
    isReplaced: row.reason === 'resolved_first',
    notifiedAt: wasNotified && finishedAt !== undefined ? epochMs(finishedAt) : undefined,
  };
}

async function readSubject(sql: Queries, row: Row): Promise<Subject> {
  const notice = optionalText(row, 'notice');
  const alertId = optionalInteger(row, 'alert_id');
  if (notice !== undefined) return { type: 'notice', text: notice, alertId };
  const alert = alertId === undefined ? undefined : await findAlert(sql, alertId);
  if (alert) return { type: 'alert', alert };
  return { type: 'digest', digest: await readDigest(sql, optionalInteger(row, 'target_id') ?? integer(row, 'id')) };
}
