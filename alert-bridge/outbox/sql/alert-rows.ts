// Rows of `alerts` to alerts, and back.
import { epochMs } from '../../../common/brands.ts';
import { ALERT_KINDS, type Alert, type AlertFacts, PRIORITIES, type Texts } from '../../model/alert.ts';
import type { StoredAlert } from '../delivery.ts';
import type { Queries, Row } from './database.ts';
import { integer, member, optionalInteger, optionalText, text } from './rows.ts';

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** An alert as its message shows it: it fires as long as any alert that shares the message does. */
export async function findAlert(sql: Queries, id: number): Promise<StoredAlert | undefined> {
  const row = await sql.get(
    `SELECT a.*, (SELECT COUNT(*) FROM alerts g WHERE g.root_id = a.id AND g.status = 'firing') AS group_firing,
       (SELECT MAX(ends_at) FROM alerts g WHERE g.root_id = a.id) AS group_ends_at
     FROM alerts a WHERE a.id = ?`,
    id,
  );
  return row && readAlert(row);
}

/** Those of them that are still kept. */
export async function findAlerts(sql: Queries, ids: readonly number[]): Promise<readonly StoredAlert[]> {
  const found: StoredAlert[] = [];
  for (const id of ids) {
    const alert = await findAlert(sql, id);
    if (alert) found.push(alert);
  }
  return found;
}

function readAlert(row: Row): StoredAlert {
  const isFiring = integer(row, 'group_firing') > 0 || row.status === 'firing';
  const endsAt = isFiring ? undefined : (optionalInteger(row, 'group_ends_at') ?? optionalInteger(row, 'ends_at'));
  return {
    id: integer(row, 'id'),
    fingerprint: text(row, 'fingerprint'),
    status: isFiring ? 'firing' : 'resolved',
    labels: readTexts(text(row, 'labels')),
    annotations: readTexts(text(row, 'annotations')),
    peak: readTexts(text(row, 'peak')),
    startsAt: epochMs(integer(row, 'starts_at')),
    endsAt: endsAt === undefined ? undefined : epochMs(endsAt),
    facts: {
      name: text(row, 'name'),
      kind: member(row, 'kind', ALERT_KINDS),
      category: member(row, 'category', CATEGORIES),
      symbol: optionalText(row, 'symbol'),
      tier: integer(row, 'tier'),
      priority: member(row, 'priority', PRIORITIES),
      dedupKey: text(row, 'dedup_key'),
      eventAt: epochMs(integer(row, 'event_at')),
    },
  };
}

/** Inserts an alert that was not known; it is its own root until `rootId` says otherwise. Returns its id. */
export async function insertAlert(sql: Queries, alert: Alert, facts: AlertFacts, nowMs: number): Promise<number> {
  const annotations = JSON.stringify(alert.annotations);
  const id = await sql.insert(
    `INSERT INTO alerts (receiver, fingerprint, starts_at, name, kind, category, symbol, tier, priority, dedup_key, labels,
       annotations, peak, status, event_at, accepted_at, ends_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    alert.receiver,
    alert.fingerprint,
    Math.round(alert.startsAt),
    facts.name,
    facts.kind,
    facts.category,
    facts.symbol ?? null,
    facts.tier,
    facts.priority,
    facts.dedupKey,
    JSON.stringify(alert.labels),
    annotations,
    annotations,
    alert.status,
    Math.round(facts.eventAt),
    nowMs,
    alert.endsAt === undefined ? null : Math.round(alert.endsAt),
  );
  await sql.run('UPDATE alerts SET root_id = id WHERE id = ?', id);
  return id;
}

/** We wrote these texts, and still check them: a damaged file must not become a wrong type. */
function readTexts(json: string): Texts {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
