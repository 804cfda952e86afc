// Silences in the outbox's database, so that the end of one and the notice of it are one commit.

import { epochMs } from '../../common/brands.ts';
import { field, listOf } from '../../common/json-shape.ts';
import type { Scope } from '../model/silence-scope.ts';
import type { Database, Row } from '../outbox/sql/database.ts';
import { enqueueNotice } from '../outbox/sql/notices.ts';
import { integer, optionalText, text } from '../outbox/sql/rows.ts';
import type { KeptSilence, SilenceStore } from './store.ts';

/** More than a chat can read; a storm must not grow the table without end. */
const MAX_HIDDEN = 10_000;

export function createSilences(db: Database): SilenceStore {
  return {
    add: (silence) =>
      db.commit(async (sql) => {
        const id = await sql.insert(
          'INSERT INTO silences (alertmanager_id, scope, created_by, comment, chat, starts_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          silence.alertmanagerId,
          JSON.stringify(silence.scope),
          silence.createdBy,
          silence.comment,
          silence.chat ?? null,
          Math.round(silence.startsAt),
          Math.round(silence.endsAt),
        );
        return { ...silence, id };
      }),
    open: async () =>
      (await db.read((sql) => sql.all('SELECT * FROM silences WHERE ended_at IS NULL ORDER BY id'))).map(readSilence),
    async find(id) {
      const row = await db.read((sql) => sql.get('SELECT * FROM silences WHERE id = ?', id));
      return row && readSilence(row);
    },
    async hid(id, alerts) {
      if (alerts.length === 0) return;
      await db.commit(async (sql) => {
        const row = await sql.get('SELECT COUNT(*) AS n FROM silence_hidden WHERE silence_id = ?', id);
        const known = Number(row?.n ?? 0);
        for (const { fingerprint, startsAt, name } of alerts.slice(0, Math.max(0, MAX_HIDDEN - known))) {
          await sql.run(
            'INSERT INTO silence_hidden VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
            ...[id, fingerprint, startsAt, name],
          );
        }
      });
    },
    async hidden(id) {
      const rows = await db.read((sql) =>
        sql.all(
          'SELECT name, COUNT(*) AS n FROM silence_hidden WHERE silence_id = ? GROUP BY 1 ORDER BY 2 DESC, 1',
          id,
        ),
      );
      return rows.map((row) => [text(row, 'name'), integer(row, 'n')] as const);
    },
    end: (id, notice, now) =>
      db.commit(async (sql) => {
        const nowMs = Math.round(now);
        const changes = await sql.run('UPDATE silences SET ended_at = ? WHERE id = ? AND ended_at IS NULL', nowMs, id);
        if (changes > 0 && notice) for (const chat of notice.chats) await enqueueNotice(sql, chat, notice.text, nowMs);
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
  return listOf(JSON.parse(json)).map((matcher) => ({
    name: String(field(matcher, 'name')),
    value: String(field(matcher, 'value')),
  }));
}
