// The track record in the outbox's database: what the price did after each alert.
import { epochMs } from '../../common/brands.ts';
import type { Database, Queries, Row } from '../outbox/sql/database.ts';
import { integer, member, optionalInteger, text } from '../outbox/sql/rows.ts';
import { HORIZONS, type Horizon, SCORED_KINDS } from './horizons.ts';
import type { DueMove, TrackSamples, TrackStore } from './store.ts';

const KINDS = SCORED_KINDS.map((kind) => `'${kind}'`).join(', ');
const MAX_SAMPLES = 20_000;

/** When the first chat got a message about it. An alert that was held back or muted announced nothing. */
const NOTIFIED_AT = `(SELECT MIN(finished_at) FROM deliveries d WHERE d.alert_id = a.id AND d.phase = 'firing' AND d.state = 'delivered')`;

const UNSCHEDULED = `
  SELECT a.id, a.event_at FROM alerts a
  WHERE a.accepted_at > ? AND a.root_id = a.id AND a.symbol IS NOT NULL AND a.kind IN (${KINDS})
    AND NOT EXISTS (SELECT 1 FROM price_moves m WHERE m.alert_id = a.id) AND ${NOTIFIED_AT} IS NOT NULL LIMIT 500`;

const DUE = `
  SELECT m.*, a.kind, a.symbol, a.event_at, COALESCE(${NOTIFIED_AT}, a.accepted_at) AS notified_at
  FROM price_moves m JOIN alerts a ON a.id = m.alert_id WHERE m.state IS NULL AND m.due_at <= ? ORDER BY m.due_at LIMIT ?`;

export function createTrack(db: Database): TrackStore {
  return {
    async schedule(sinceMs) {
      const fresh = await db.read((sql) => sql.all(UNSCHEDULED, Math.round(sinceMs)));
      if (fresh.length > 0) await db.commit((sql) => putOnSchedule(sql, fresh));
    },
    async due(now, limit) {
      const rows = await db.read((sql) => sql.all(DUE, Math.round(now), limit));
      return rows.map(readDue);
    },
    async record({ alertId, horizon }, ratio) {
      await db.commit(async (sql) => {
        await sql.run(
          'UPDATE price_moves SET state = ?, ratio = ? WHERE alert_id = ? AND horizon_minutes = ?',
          ratio === undefined ? 'unknown' : 'known',
          ratio ?? null,
          alertId,
          horizon,
        );
      });
    },
    async recordLead(alertId, leadMs) {
      const lead = leadMs === undefined ? null : Math.round(leadMs);
      await db.commit(async (sql) => {
        await sql.run(
          `INSERT INTO lead_times (alert_id, lead_ms) VALUES (?, ?) ON CONFLICT (alert_id) DO UPDATE SET lead_ms = excluded.lead_ms`,
          alertId,
          lead,
        );
      });
    },
    samples: (sinceMs) => db.read((sql) => readSamples(sql, Math.round(sinceMs))),
  };
}

async function putOnSchedule(sql: Queries, fresh: readonly Row[]): Promise<void> {
  for (const row of fresh) {
    for (const horizon of HORIZONS) {
      await sql.run(
        'INSERT INTO price_moves (alert_id, horizon_minutes, due_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        integer(row, 'id'),
        horizon,
        integer(row, 'event_at') + horizon * 60_000,
      );
    }
  }
}

function readDue(row: Row): DueMove {
  return {
    alertId: integer(row, 'alert_id'),
    kind: member(row, 'kind', SCORED_KINDS),
    symbol: text(row, 'symbol'),
    horizon: readHorizon(row),
    dueAt: epochMs(integer(row, 'due_at')),
    eventAt: epochMs(integer(row, 'event_at')),
    notifiedAt: epochMs(integer(row, 'notified_at')),
  };
}

async function readSamples(sql: Queries, since: number): Promise<TrackSamples> {
  const moves = await sql.all(
    `SELECT a.kind, m.horizon_minutes, m.ratio FROM price_moves m JOIN alerts a ON a.id = m.alert_id
         WHERE m.state = 'known' AND a.accepted_at > ? ORDER BY m.alert_id DESC LIMIT ${MAX_SAMPLES}`,
    since,
  );
  const leads = await sql.all(
    `SELECT a.kind, l.lead_ms FROM lead_times l JOIN alerts a ON a.id = l.alert_id WHERE a.accepted_at > ?
         ORDER BY l.alert_id DESC LIMIT ${MAX_SAMPLES}`,
    since,
  );
  const votes = await sql.get(
    `SELECT COUNT(*) FILTER (WHERE verdict = 'useful') AS useful,
           COUNT(*) FILTER (WHERE verdict = 'useless') AS useless FROM votes WHERE at > ?`,
    since,
  );
  const seen = await sql.all(`SELECT after_ms FROM acknowledgements WHERE at > ? LIMIT ${MAX_SAMPLES}`, since);
  const notified = await sql.get(
    `SELECT COUNT(DISTINCT alert_id) AS n FROM deliveries WHERE phase = 'firing' AND state = 'delivered' AND accepted_at > ?`,
    since,
  );
  return {
    moves: moves.map((row) => ({
      kind: member(row, 'kind', SCORED_KINDS),
      horizon: readHorizon(row),
      ratio: Number(row.ratio),
    })),
    leads: leads.map((row) => ({
      kind: member(row, 'kind', SCORED_KINDS),
      leadMs: optionalInteger(row, 'lead_ms'),
    })),
    useful: Number(votes?.useful ?? 0),
    useless: Number(votes?.useless ?? 0),
    acknowledgedAfterMs: seen.map((row) => integer(row, 'after_ms')),
    told: Number(notified?.n ?? 0),
  };
}

function readHorizon(row: Row): Horizon {
  const found = HORIZONS.find((horizon) => horizon === row.horizon_minutes);
  if (found === undefined) throw new TypeError('horizon_minutes is none of ours');
  return found;
}
