// The history, read from the outbox's database.

import { textsOf } from '../../common/json-shape.ts';
import type { Texts } from '../model/alert.ts';
import type { Database, Queries, Row, SqlValue } from '../outbox/sql/database.ts';
import { integer, optionalInteger, optionalText, text } from '../outbox/sql/rows.ts';
import { countVotes } from '../reactions/sql-reactions.ts';
import type { HistoryDelivery, HistoryEntry, HistoryQuery, HistoryStore } from './store.ts';

const NOTIFIED = `EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id AND d.phase = 'firing' AND d.state = 'delivered')`;

export function createHistory(db: Database): HistoryStore {
  return {
    read: (query) =>
      db.read(async (sql) => {
        const entries: HistoryEntry[] = [];
        for (const row of await findRows(sql, query)) entries.push(await readEntry(sql, row));
        return entries;
      }),
  };
}

async function findRows(
  sql: Queries,
  { symbol, limit, before, isNotifiedOnly }: HistoryQuery,
): Promise<readonly Row[]> {
  const filters: readonly (readonly [condition: string, ...values: SqlValue[]])[] = [
    ...(symbol === undefined ? [] : [['symbol = ?', symbol] as const]),
    ...(before === undefined ? [] : [['id < ?', before] as const]),
    ...(isNotifiedOnly ? [[NOTIFIED] as const] : []),
  ];
  const conditions = ['1 = 1', ...filters.map(([condition]) => condition)].join(' AND ');
  const values = filters.flatMap(([, ...given]) => given);
  return await sql.all(`SELECT * FROM alerts a WHERE ${conditions} ORDER BY id DESC LIMIT ?`, ...values, limit);
}

async function readEntry(sql: Queries, row: Row): Promise<HistoryEntry> {
  const id = integer(row, 'id');
  const seen = await sql.get('SELECT person, after_ms FROM acknowledgements WHERE alert_id = ?', id);
  const { useful, useless } = await countVotes(sql, id);
  const deliveries = await sql.all(
    `SELECT * FROM deliveries WHERE alert_id = ? AND phase IN ('firing', 'resolved') ORDER BY id`,
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
    deliveries: deliveries.map(readDelivery),
    seen: seen && { by: text(seen, 'person'), afterMs: integer(seen, 'after_ms') },
    useful,
    useless,
    priceMoves: await readMoves(sql, id),
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

async function readMoves(sql: Queries, alertId: number): Promise<Readonly<Record<string, number>>> {
  const rows = await sql.all(
    `SELECT horizon_minutes, ratio FROM price_moves WHERE alert_id = ? AND state = 'known' ORDER BY 1`,
    alertId,
  );
  return Object.fromEntries(rows.map((row) => [String(integer(row, 'horizon_minutes')), Number(row.ratio)]));
}

/** Only figures: the alert's long texts stand in its messages. */
function readFigures(json: string): Texts {
  return Object.fromEntries(Object.entries(textsOf(JSON.parse(json))).filter(([, value]) => value.length <= 100));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
