// Acknowledgements, votes and escalations in the outbox's database.
import { findAlert } from '../outbox/sqlite/alert-rows.ts';
import { commit } from '../outbox/sqlite/commit.ts';
import { type Connection, integer, optionalText } from '../outbox/sqlite/connection.ts';
import { oweNotice } from '../outbox/sqlite/notices.ts';
import { type ReactionStore, VERDICTS } from './store.ts';

/** Reminders at a time: a storm must not become a storm of reminders. */
const MAX_UNSEEN = 10;

export function createSqliteReactions(db: Connection): ReactionStore {
  return {
    findAlert: async (alertId) => findAlert(db, alertId),
    async of(alertId) {
      const seen = db.get('SELECT person FROM acknowledgements WHERE alert_id = ?', alertId);
      const votes = db.get(
        `SELECT COALESCE(SUM(verdict = 'useful'), 0) AS useful, COALESCE(SUM(verdict = 'useless'), 0) AS useless FROM votes WHERE alert_id = ?`,
        alertId,
      );
      return {
        seenBy: seen && optionalText(seen, 'person'),
        useful: Number(votes?.useful ?? 0),
        useless: Number(votes?.useless ?? 0),
      };
    },
    acknowledge: async (alertId, person, now) =>
      commit(db, () => {
        const nowMs = Math.round(now);
        const { changes } = db.run(
          `INSERT OR IGNORE INTO acknowledgements (alert_id, person, at, after_ms)
           SELECT id, ?, ?, MAX(0, ? - accepted_at) FROM alerts WHERE id = ?`,
          person,
          nowMs,
          nowMs,
          alertId,
        );
        return changes > 0;
      }),
    vote: async (alertId, person, verdict, now) =>
      commit(db, () => {
        const before = db.get('SELECT verdict FROM votes WHERE alert_id = ? AND person = ?', alertId, person)?.verdict;
        db.run(
          'INSERT OR REPLACE INTO votes (alert_id, person, verdict, at) VALUES (?, ?, ?, ?)',
          alertId,
          person,
          verdict,
          Math.round(now),
        );
        return VERDICTS.find((known) => known === before);
      }),
    async unseen(fromMs, toMs) {
      const rows = db.all(
        `SELECT DISTINCT a.root_id FROM alerts a JOIN deliveries d ON d.alert_id = a.id
         WHERE a.priority = 'high' AND d.phase = 'firing' AND d.state = 'delivered' AND d.accepted_at > ? AND d.accepted_at <= ?
           AND NOT EXISTS (SELECT 1 FROM acknowledgements k JOIN alerts g ON g.id = k.alert_id WHERE g.root_id = a.root_id)
           AND NOT EXISTS (SELECT 1 FROM escalations e WHERE e.alert_id = a.root_id)
         ORDER BY a.root_id LIMIT ${MAX_UNSEEN}`,
        Math.round(fromMs),
        Math.round(toMs),
      );
      return rows.map((row) => findAlert(db, integer(row, 'root_id'))).filter((alert) => alert !== undefined);
    },
    escalate: async (alertId, notice, chats, now) =>
      commit(db, () => {
        const nowMs = Math.round(now);
        const { changes } = db.run(
          `INSERT OR IGNORE INTO escalations (alert_id, at) SELECT ?, ?
           WHERE NOT EXISTS (SELECT 1 FROM acknowledgements WHERE alert_id = ?)`,
          alertId,
          nowMs,
          alertId,
        );
        if (changes > 0) for (const chat of chats) oweNotice(db, chat.key, notice, nowMs, alertId);
        return changes > 0;
      }),
  };
}
