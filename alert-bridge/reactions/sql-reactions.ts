// Acknowledgements, votes and escalations in the outbox's database.
import { findAlert, findAlerts } from '../outbox/sql/alert-rows.ts';
import type { Database, Queries } from '../outbox/sql/database.ts';
import { enqueueNotice } from '../outbox/sql/notices.ts';
import { integer, optionalText } from '../outbox/sql/rows.ts';
import { type ReactionStore, VOTES } from './store.ts';

/** Reminders at a time: a storm must not become a storm of reminders. */
const MAX_UNSEEN = 10;

export function createReactions(db: Database): ReactionStore {
  return {
    findAlert: (alertId) => db.read((sql) => findAlert(sql, alertId)),
    of: (alertId) =>
      db.read(async (sql) => {
        const seen = await sql.get('SELECT person FROM acknowledgements WHERE alert_id = ?', alertId);
        const { useful, useless } = await countVotes(sql, alertId);
        return { seenBy: seen && optionalText(seen, 'person'), useful, useless };
      }),
    acknowledge: (alertId, person, now) =>
      db.commit(async (sql) => {
        const nowMs = Math.round(now);
        const changes = await sql.run(
          `INSERT INTO acknowledgements (alert_id, person, at, after_ms)
           SELECT id, ?, ?, CASE WHEN accepted_at < ? THEN ? - accepted_at ELSE 0 END FROM alerts WHERE id = ?
           ON CONFLICT DO NOTHING`,
          ...[person, nowMs, nowMs, nowMs, alertId],
        );
        return changes > 0;
      }),
    vote: (alertId, person, verdict, now) =>
      db.commit(async (sql) => {
        const before = await sql.get('SELECT verdict FROM votes WHERE alert_id = ? AND person = ?', alertId, person);
        await sql.run(
          `INSERT INTO votes (alert_id, person, verdict, at) VALUES (?, ?, ?, ?)
           ON CONFLICT (alert_id, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`,
          alertId,
          person,
          verdict,
          Math.round(now),
        );
        return VOTES.find((known) => known === before?.verdict);
      }),
    unseen: (fromMs, toMs) =>
      db.read(async (sql) => {
        const rows = await sql.all(
          `SELECT DISTINCT a.root_id FROM alerts a JOIN deliveries d ON d.alert_id = a.id
         WHERE a.priority = 'high' AND d.phase = 'firing' AND d.state = 'delivered' AND d.accepted_at > ? AND d.accepted_at <= ?
           AND NOT EXISTS (SELECT 1 FROM acknowledgements k JOIN alerts g ON g.id = k.alert_id WHERE g.root_id = a.root_id)
           AND NOT EXISTS (SELECT 1 FROM escalations e WHERE e.alert_id = a.root_id)
         ORDER BY a.root_id LIMIT ${MAX_UNSEEN}`,
          Math.round(fromMs),
          Math.round(toMs),
        );
        return await findAlerts(
          sql,
          rows.map((row) => integer(row, 'root_id')),
        );
      }),
    escalate: (alertId, notice, chats, now) =>
      db.commit(async (sql) => {
        const nowMs = Math.round(now);
        const changes = await sql.run(
          `INSERT INTO escalations (alert_id, at) SELECT id, ? FROM alerts a
           WHERE id = ? AND NOT EXISTS (SELECT 1 FROM acknowledgements k WHERE k.alert_id = a.id) ON CONFLICT DO NOTHING`,
          nowMs,
          alertId,
        );
        if (changes > 0) for (const chat of chats) await enqueueNotice(sql, chat.key, notice, nowMs, alertId);
        return changes > 0;
      }),
  };
}

export async function countVotes(
  sql: Queries,
  alertId: number,
): Promise<{ readonly useful: number; readonly useless: number }> {
  const row = await sql.get(
    `SELECT COUNT(*) FILTER (WHERE verdict = 'useful') AS useful, COUNT(*) FILTER (WHERE verdict = 'useless') AS useless
     FROM votes WHERE alert_id = ?`,
    alertId,
  );
  return { useful: Number(row?.useful ?? 0), useless: Number(row?.useless ?? 0) };
}
