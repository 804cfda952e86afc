// Several alerts, one message: within the deduplication window the message of the first alert (the root) is edited for the
// others of its tier, and shows the newest figures.
import type { Alert, AlertFacts } from '../../model/alert.ts';
import { laterPeak, magnitude } from '../peak.ts';
import { findAlert } from './alert-rows.ts';
import type { Queries } from './database.ts';
import { enqueueEdit } from './deliveries.ts';
import { isOvertaken } from './lookups.ts';

/**
 * Makes the alert part of a message that the chat has, or will get.
 * @param message the delivery that sends it, and the alert that it was made for
 */
export async function joinMessage(
  sql: Queries,
  chat: string,
  { id, alert, facts }: { readonly id: number; readonly alert: Alert; readonly facts: AlertFacts },
  message: { readonly deliveryId: number; readonly rootId: number },
  nowMs: number,
): Promise<void> {
  const { deliveryId, rootId } = message;
  // Before the alert joins: where the root has ended this is another event, whose figures replace those of the first.
  await refreshFigures(sql, rootId, alert);
  await sql.run('UPDATE alerts SET root_id = ? WHERE id = ?', rootId, id);
  const root = await findAlert(sql, rootId);
  if (root !== undefined && (await isOvertaken(sql, chat, root))) return;
  const edit = { chat, phase: 'update', priority: facts.priority, alertId: rootId, targetId: deliveryId } as const;
  await enqueueEdit(sql, edit, nowMs);
}

/** Gives the root the figures of the alert; its peak stays while it fires. */
export async function refreshFigures(sql: Queries, rootId: number, alert: Alert): Promise<void> {
  const root = await findAlert(sql, rootId);
  if (root === undefined) return;
  const peak = root.status === 'firing' ? laterPeak(root.peak, alert.annotations) : alert.annotations;
  await sql.run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(alert.annotations),
    JSON.stringify(peak),
    magnitude(peak) ?? null,
    rootId,
  );
}
