// An alert ends: its message gets its end state, or the end takes the place of a message that has not left yet.
import { PRIORITIES } from '../../model/alert.ts';
import type { SuppressReason } from '../delivery.ts';
import type { Queries, Row } from './database.ts';
import { insertDelivery, suppressPending } from './deliveries.ts';
import { integer, member, optionalInteger, text } from './rows.ts';

export interface EndContext {
  readonly nowMs: number;
  /** Collects the reasons why deliveries were not enqueued. */
  readonly suppressed: SuppressReason[];
}

/** Ends every alert that shares the message of `rootId`. */
export async function endGroup(sql: Queries, context: EndContext, rootId: number, endedAtMs: number): Promise<void> {
  const rows = await sql.all(`SELECT id FROM alerts WHERE root_id = ? AND status = 'firing'`, rootId);
  for (const row of rows) await acceptResolved(sql, context, integer(row, 'id'), endedAtMs);
}

/** Ends one alert that fires. Always `true`: an end is new once. */
export async function acceptResolved(
  sql: Queries,
  context: EndContext,
  alertId: number,
  endedAtMs: number | undefined,
): Promise<boolean> {
  const endsAt = Math.round(endedAtMs ?? context.nowMs);
  await sql.run(`UPDATE alerts SET status = 'resolved', ends_at = ? WHERE id = ?`, endsAt, alertId);
  const root = await sql.get('SELECT root_id FROM alerts WHERE id = ?', alertId);
  const rootId = root ? integer(root, 'root_id') : alertId;
  // A message ends with the last of its alerts.
  const firing = await sql.get(`SELECT 1 FROM alerts WHERE root_id = ? AND status = 'firing' LIMIT 1`, rootId);
  const isOver = firing === undefined;
  for (const row of await firingDeliveries(sql, alertId)) await endFor(sql, context, row, alertId, rootId, isOver);
  return true;
}

/** The newest delivery of this alert to each chat. */
async function firingDeliveries(sql: Queries, alertId: number): Promise<readonly Row[]> {
  return await sql.all(
    `SELECT * FROM deliveries WHERE id IN (SELECT MAX(id) FROM deliveries WHERE alert_id = ? AND phase = 'firing' GROUP BY chat)`,
    alertId,
  );
}

async function endFor(
  sql: Queries,
  context: EndContext,
  firing: Row,
  alertId: number,
  rootId: number,
  isOver: boolean,
): Promise<void> {
  const { nowMs } = context;
  const isDuplicate = firing.state === 'suppressed' && firing.reason === 'duplicate';
  const message = isDuplicate ? await messageOf(sql, firing) : firing;
  const isNotified =
    message !== undefined && ['pending', 'claimed', 'delivered', 'unknown'].includes(text(message, 'state'));
  const reason: SuppressReason | undefined = isNotified ? (isOver ? undefined : 'still_firing') : 'not_told';
  const targetId = message ? integer(message, 'id') : undefined;
  let replacesNews = false;
  if (reason === undefined && targetId !== undefined) {
    replacesNews = await suppressPending(sql, targetId, 'resolved_first', nowMs);
    await supersedeEdits(sql, context, targetId);
  }
  await insertDelivery(
    sql,
    {
      chat: text(firing, 'chat'),
      phase: 'resolved',
      priority: member(firing, 'priority', PRIORITIES),
      // The end state shows the figures of the root, whichever of its alerts ended last.
      alertId: reason === undefined ? rootId : alertId,
      targetId,
      replacesNews,
      // It counts instead of the message that it replaces, so that the quota stays true.
      isCounted: replacesNews,
      state: reason ? 'suppressed' : 'pending',
      reason,
    },
    nowMs,
  );
  if (reason) context.suppressed.push(reason);
}

/** The delivery whose message covers this duplicate. */
async function messageOf(sql: Queries, duplicate: Row): Promise<Row | undefined> {
  return await sql.get('SELECT * FROM deliveries WHERE id = ?', optionalInteger(duplicate, 'target_id') ?? null);
}

async function supersedeEdits(sql: Queries, { nowMs }: EndContext, targetId: number): Promise<void> {
  for (const row of await sql.all(
    `SELECT id FROM deliveries WHERE target_id = ? AND phase = 'update' AND state = 'pending'`,
    targetId,
  )) {
    await suppressPending(sql, integer(row, 'id'), 'superseded', nowMs);
  }
}
