// The history out of the outbox's database: reads only.

import { textsOf } from '../../common/json-shape.ts';
import type { Texts } from '../model/alert.ts';
import { integer, optionalInteger, optionalText, text } from '../outbox/sql/rows.ts';
import { all, type Database, get, type Row, type SqlValue, type Work } from '../outbox/sql/work.ts';
import { countVotes } from '../reactions/sql-reactions.ts';
import type { HistoryDelivery, HistoryEntry, HistoryQuery, HistoryStore } from './store.ts';

const TOLD = `EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id AND d.phase = 'firing' AND d.state = 'delivered')`;

export function createHistory(db: Database): HistoryStore {
  return {
    read: (query) =>
      db.read(function* () {
        const entries: HistoryEntry[] = [];
        for (const row of yield* findRows(query)) entries.push(yield* readEntry(row));
        return entries;
      }),
  };
}

function* findRows({ symbol, limit, before, isToldOnly }: HistoryQuery): Work<readonly Row[]> {
  const wishes: readonly (readonly [condition: string, ...values: SqlValue[]])[] = [
    ...(symbol === undefined ? [] : [['symbol = ?', symbol] as const]),
    ...(before === undefined ? [] : [['id < ?', before] as const]),
    ...(isToldOnly ? [[TOLD] as const] : []),
  ];
  const conditions = ['1 = 1', ...wishes.map(([condition]) => condition)].join(' AND ');
  const values = wishes.flatMap(([, ...given]) => given);
  return yield* all(`SELECT * FROM alerts a WHERE ${conditions} ORDER BY id DESC LIMIT ?`, ...values, limit);
}

function* readEntry(row: Row): Work<HistoryEntry> {
  const id = integer(row, 'id');
  const seen = yield* get('SELECT person, after_ms FROM acknowledgements WHERE alert_id = ?', id);
  const { useful, useless } = yield* countVotes(id);
  const deliveries = yield* all(
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
    priceMoves: yield* readMoves(id),
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

function* readMoves(alertId: number): Work<Readonly<Record<string, number>>> {
  const rows = yield* all(
    `SELECT horizon_minutes, ratio FROM price_moves WHERE alert_id = ? AND state = 'known' ORDER BY 1`,
    alertId,
  );
  return Object.fromEntries(rows.map((row) => [String(integer(row, 'horizon_minutes')), Number(row.ratio)]));
}

/** Figures alone: what the alert says in words stands in the messages. */
function readFigures(json: string): Texts {
  return Object.fromEntries(Object.entries(textsOf(JSON.parse(json))).filter(([, value]) => value.length <= 100));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
