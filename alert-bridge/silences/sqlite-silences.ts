// Silences in the outbox's database, so that the end of one and the notice of it are one commit.
import { epochMs } from '../../common/brands.ts';
import { field, list } from '../http-json.ts';
import { commit } from '../outbox/sqlite/commit.ts';
import { type Connection, integer, optionalText, type Row, text } from '../outbox/sqlite/connection.ts';
import { oweNotice } from '../outbox/sqlite/notices.ts';
import type { Scope } from './scope.ts';
import type { KeptSilence, SilenceStore } from './store.ts';

/** More than a chat can read; a storm must not grow the table without end. */
const MAX_HIDDEN = 10_000;

export function createSqliteSilences(db: Connection): SilenceStore {
  return {
    add: async (silence) =>
      commit(db, () => {
        const { lastId } = db.run(
          'INSERT INTO silences (alertmanager_id, scope, created_by, comment, chat, starts_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          silence.alertmanagerId,
          JSON.stringify(silence.scope),
          silence.createdBy,
          silence.comment,
          silence.chat ?? null,
          Math.round(silence.startsAt),
          Math.round(silence.endsAt),
        );
        return { ...silence, id: lastId };
      }),
    open: async () => db.all('SELECT * FROM silences WHERE ended_at IS NULL ORDER BY id').map(readSilence),
    async find(id) {
      const row = db.get('SELECT * FROM silences WHERE id = ?', id);
      return row && readSilence(row);
    },
    async hid(id, alerts) {
      if (alerts.length === 0) return;
      commit(db, () => {
        const known = Number(db.get('SELECT COUNT(*) AS n FROM silence_hidden WHERE silence_id = ?', id)?.n ?? 0);
        for (const { fingerprint, startsAt, name } of alerts.slice(0, Math.max(0, MAX_HIDDEN - known))) {
          db.run('INSERT OR IGNORE INTO silence_hidden VALUES (?, ?, ?, ?)', id, fingerprint, startsAt, name);
        }
      });
    },
    hidden: async (id) =>
      db
        .all('SELECT name, COUNT(*) AS n FROM silence_hidden WHERE silence_id = ? GROUP BY 1 ORDER BY 2 DESC, 1', id)
        .map((row) => [text(row, 'name'), integer(row, 'n')] as const),
    end: async (id, notice, now) =>
      commit(db, () => {
        const nowMs = Math.round(now);
        const { changes } = db.run('UPDATE silences SET ended_at = ? WHERE id = ? AND ended_at IS NULL', nowMs, id);
        if (changes > 0 && notice) for (const chat of notice.chats) oweNotice(db, chat, notice.text, nowMs);
        return changes > 0;
      }),
  };
}

function readSilence(row: Row): KeptSilence {
  return {
    id: integer(row, 'id'),
    alertmanagerId: text(row, 'alertmanager_id'),
    scope: readScope(text(row, 'scope')),
    createdBy: text(row, 'created_by'),
    comment: text(row, 'comment'),
    chat: optionalText(row, 'chat'),
    startsAt: epochMs(integer(row, 'starts_at')),
    endsAt: epochMs(integer(row, 'ends_at')),
  };
}

function readScope(json: string): Scope {
  return list(JSON.parse(json)).map((matcher) => ({
    name: String(field(matcher, 'name')),
    value: String(field(matcher, 'value')),
  }));
}
