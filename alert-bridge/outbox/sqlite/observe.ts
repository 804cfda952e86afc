// Living alerts: their figures refreshed from outside, and an edit owed where they grew.
import type { Texts } from '../../alert.ts';
import type { StoredAlert } from '../delivery.ts';
import { hasGrown, laterPeak, magnitude } from '../peak.ts';
import { findAlert } from './alert-rows.ts';
import { type Connection, integer, text } from './connection.ts';
import { oweEdit } from './deliveries.ts';

/** A message is edited at most this often while its alert lives, and not within this time of the last edit. */
const MAX_EDITS = 6;
const MIN_GAP_MS = 4_000;

export function livingAlerts(db: Connection): readonly StoredAlert[] {
  const rows = db.all(
    `SELECT DISTINCT a.root_id FROM alerts a WHERE a.status = 'firing' AND a.category = 'market'
       AND EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.root_id AND d.phase = 'firing' AND d.is_counted = 1)
     LIMIT 200`,
  );
  return rows.map((row) => findAlert(db, integer(row, 'root_id'))).filter((alert) => alert !== undefined);
}

export function observeAlert(db: Connection, alertId: number, annotations: Texts, nowMs: number): boolean {
  const alert = findAlert(db, alertId);
  if (alert === undefined || alert.status !== 'firing') return false;
  const row = db.get('SELECT told_magnitude FROM alerts WHERE id = ?', alertId);
  const told = typeof row?.told_magnitude === 'number' ? row.told_magnitude : magnitude(alert.peak);
  const grown = hasGrown(told, annotations);
  db.run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(annotations),
    JSON.stringify(laterPeak(alert.peak, annotations)),
    (grown ? magnitude(annotations) : told) ?? null,
    alertId,
  );
  if (grown) oweUpdates(db, alert, nowMs);
  return grown;
}

function oweUpdates(db: Connection, alert: StoredAlert, nowMs: number): void {
  const told = db.all(
    `SELECT d.id, d.chat FROM deliveries d WHERE d.alert_id = ? AND d.phase = 'firing' AND d.state IN ('claimed', 'delivered')
       AND (SELECT COUNT(*) FROM deliveries u WHERE u.target_id = d.id AND u.phase = 'update') < ${MAX_EDITS}`,
    alert.id,
  );
  for (const row of told) {
    const targetId = integer(row, 'id');
    const last = db.get(
      `SELECT MAX(accepted_at) AS at FROM deliveries WHERE id = ? OR (target_id = ? AND phase = 'update')`,
      targetId,
      targetId,
    );
    const delayMs = Math.max(0, Number(last?.at ?? 0) + MIN_GAP_MS - nowMs);
    const { priority } = alert.facts;
    oweEdit(db, { chat: text(row, 'chat'), phase: 'update', priority, alertId: alert.id, targetId, delayMs }, nowMs);
  }
}
