// The history out of the outbox's database: reads only.
import type { Texts } from '../alert.ts';
import { texts } from '../http-json.ts';
import {
  type Connection,
  integer,
  optionalInteger,
  optionalText,
  type Row,
  text,
} from '../outbox/sqlite/connection.ts';
import type { HistoryDelivery, HistoryEntry, HistoryStore } from './store.ts';

export function createSqliteHistory(db: Connection): HistoryStore {
  return {
    async read({ symbol, limit, before, isToldOnly }) {
      const rows = db.all(
        `SELECT * FROM alerts a WHERE (?1 IS NULL OR symbol = ?1) AND (?2 IS NULL OR id < ?2)
           AND (?3 = 0 OR EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id AND d.phase = 'firing' AND d.state = 'delivered'))
         ORDER BY id DESC LIMIT ?4`,
        symbol ?? null,
        before ?? null,
        isToldOnly ? 1 : 0,
        limit,
      );
      return rows.map((row) => readEntry(db, row));
    },
  };
}

function readEntry(db: Connection, row: Row): HistoryEntry {
  const id = integer(row, 'id');
  const seen = db.get('SELECT person, after_ms FROM acknowledgements WHERE alert_id = ?', id);
  const votes = db.get(
    `SELECT COALESCE(SUM(verdict = 'useful'), 0) AS useful, COALESCE(SUM(verdict = 'useless'), 0) AS useless FROM votes WHERE alert_id = ?`,
    id,
  );
  const endsAt = optionalInteger(row, 'ends_at');
  return {
    id,
    name: text(row, 'name'),
    symbol: optionalText(row, 'symbol'),
    tier: integer(row, 'tier'),
    priority: text(row, 'priority'),
    status: text(row, 'status'),
    startsAt: iso(integer(row, 'starts_at')),
    endsAt: endsAt === undefined ? undefined : iso(endsAt),
    figures: readFigures(text(row, 'peak')),
    deliveries: db
      .all(`SELECT * FROM deliveries WHERE alert_id = ? AND phase IN ('firing', 'resolved') ORDER BY id`, id)
      .map(readDelivery),
    seen: seen && { by: text(seen, 'person'), afterMs: integer(seen, 'after_ms') },
    useful: Number(votes?.useful ?? 0),
    useless: Number(votes?.useless ?? 0),
    priceMoves: readMoves(db, id),
  };
}

function readDelivery(row: Row): HistoryDelivery {
  const finishedAt = optionalInteger(row, 'finished_at');
  return {
    chat: text(row, 'chat'),
    state: text(row, 'state'),
    reason: optionalText(row, 'reason'),
    text: optionalText(row, 'text'),
    tookMs: finishedAt === undefined ? undefined : finishedAt - integer(row, 'accepted_at'),
  };
}

function readMoves(db: Connection, alertId: number): Readonly<Record<string, number>> {
  const rows = db.all(
    `SELECT horizon_minutes, ratio FROM price_moves WHERE alert_id = ? AND state = 'known' ORDER BY 1`,
    alertId,
  );
  return Object.fromEntries(rows.map((row) => [String(integer(row, 'horizon_minutes')), Number(row.ratio)]));
}

/** Figures alone: what the alert says in words stands in the messages. */
function readFigures(json: string): Texts {
  return Object.fromEntries(Object.entries(texts(JSON.parse(json))).filter(([, value]) => value.length <= 100));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
