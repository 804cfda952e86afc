// What the page and the metrics show of the outbox: reads only.
import { epochMs } from '../../../common/brands.ts';
import { PRIORITIES } from '../../model/alert.ts';
import { type DeliveryRecord, PHASES, STATES } from '../delivery.ts';
import type { OutboxCounts } from '../store.ts';
import type { Queries, Row } from './database.ts';
import { integer, member, optionalInteger, optionalText, text } from './rows.ts';

export async function readCounts(sql: Queries): Promise<OutboxCounts> {
  const rows = await sql.all('SELECT state, SUM(count) AS count FROM state_counts GROUP BY state');
  const counts = new Map(rows.map((row) => [text(row, 'state'), integer(row, 'count')]));
  const oldest = (await sql.get(`SELECT MIN(accepted_at) AS at FROM deliveries WHERE state IN ('pending', 'claimed')`))
    ?.at;
  const of = (state: (typeof STATES)[number]) => counts.get(state) ?? 0;
  return {
    byState: {
      pending: of('pending'),
      claimed: of('claimed'),
      delivered: of('delivered'),
      suppressed: of('suppressed'),
      expired: of('expired'),
      dead: of('dead'),
      unknown: of('unknown'),
    },
    oldestWaitingAt: typeof oldest === 'number' ? epochMs(oldest) : undefined,
  };
}

export async function readRecent(sql: Queries, limit: number): Promise<readonly DeliveryRecord[]> {
  const rows = await sql.all(
    `SELECT d.*, a.name, a.symbol FROM deliveries d LEFT JOIN alerts a ON a.id = d.alert_id ORDER BY d.id DESC LIMIT ?`,
    limit,
  );
  return rows.map(readRecord);
}

function readRecord(row: Row): DeliveryRecord {
  const finishedAt = optionalInteger(row, 'finished_at');
  return {
    id: integer(row, 'id'),
    chat: text(row, 'chat'),
    phase: member(row, 'phase', PHASES),
    state: member(row, 'state', STATES),
    reason: optionalText(row, 'reason'),
    priority: member(row, 'priority', PRIORITIES),
    alertname: optionalText(row, 'name'),
    symbol: optionalText(row, 'symbol'),
    text: optionalText(row, 'text'),
    acceptedAt: epochMs(integer(row, 'accepted_at')),
    finishedAt: finishedAt === undefined ? undefined : epochMs(finishedAt),
  };
}
