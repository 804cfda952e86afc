// Alerts that fire now: takes in fresher figures, and enqueues an edit of each message that shows smaller ones.
import type { Texts } from '../../model/alert.ts';
import type { StoredAlert } from '../delivery.ts';
import { hasGrown, laterPeak, magnitude } from '../peak.ts';
import { findAlert, findAlerts } from './alert-rows.ts';
import type { Queries } from './database.ts';
import { enqueueEdit } from './deliveries.ts';
import { isOvertaken } from './lookups.ts';
import { integer, text } from './rows.ts';

/** A message is edited at most this often while its alert lives, and not within this time of the last edit. */
const MAX_EDITS = 6;
const MIN_GAP_MS = 4_000;

export async function livingAlerts(sql: Queries): Promise<readonly StoredAlert[]> {
  const rows = await sql.all(
    `SELECT DISTINCT a.root_id FROM alerts a WHERE a.status = 'firing' AND a.category = 'market'
       AND EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.root_id AND d.phase = 'firing' AND d.is_counted = 1)
     LIMIT 200`,
  );
  return await findAlerts(
    sql,
    rows.map((row) => integer(row, 'root_id')),
  );
}

export async function observeAlert(sql: Queries, alertId: number, annotations: Texts, nowMs: number): Promise<boolean> {
  const alert = await findAlert(sql, alertId);
  if (alert === undefined || alert.status !== 'firing') return false;
  const row = await sql.get('SELECT told_magnitude AS shown FROM alerts WHERE id = ?', alertId);
  const shown = typeof row?.shown === 'number' ? row.shown : magnitude(alert.peak);
  const grown = hasGrown(shown, annotations);
  await sql.run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(annotations),
    JSON.stringify(laterPeak(alert.peak, annotations)),
    (grown ? magnitude(annotations) : shown) ?? null,
    alertId,
  );
  if (grown) await enqueueUpdates(sql, alert, nowMs);
  return grown;
}

async function enqueueUpdates(sql: Queries, alert: StoredAlert, nowMs: number): Promise<void> {
  const messages = await sql.all(
    `SELECT d.id, d.chat FROM deliveries d WHERE d.alert_id = ? AND d.phase = 'firing' AND d.state IN ('claimed', 'delivered')
       AND (SELECT COUNT(*) FROM deliveries u WHERE u.target_id = d.id AND u.phase = 'update') < ${MAX_EDITS}`,
    alert.id,
  );
  for (const row of messages) {
    const chat = text(row, 'chat');
    if (await isOvertaken(sql, chat, alert)) continue;
    const targetId = integer(row, 'id');
    const last = await sql.get(
      `SELECT MAX(accepted_at) AS at FROM deliveries WHERE id = ? OR (target_id = ? AND phase = 'update')`,
      targetId,
      targetId,
    );
    const delayMs = Math.max(0, Number(last?.at ?? 0) + MIN_GAP_MS - nowMs);
    const { priority } = alert.facts;
    await enqueueEdit(sql, { chat, phase: 'update', priority, alertId: alert.id, targetId, delayMs }, nowMs);
  }
}
