// What the outbox knows already when it decides about an alert: duplicates, recent messages, mutes. Reads only.
import { ALERT_KINDS, type AlertFacts, PRIORITIES } from '../../model/alert.ts';
import type { StoredAlert } from '../delivery.ts';
import { type Notification, QUOTA_WINDOW_MS } from '../quota.ts';
import type { Queries } from './database.ts';
import { integer, member, optionalText } from './rows.ts';

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** The message that this chat got, or will get, about the same within the window; deliveries that failed do not count. */
export async function findDuplicate(
  sql: Queries,
  chat: string,
  dedupKey: string,
  nowMs: number,
  dedupMs: number,
): Promise<{ readonly deliveryId: number; readonly rootId: number } | undefined> {
  const row = await sql.get(
    // + 0 keeps SQLite from the index on counted deliveries: a chat has many, an alert has few.
    `SELECT d.id, a.root_id FROM alerts a JOIN deliveries d ON d.alert_id = a.id
     WHERE a.dedup_key = ? AND d.chat = ? AND d.is_counted + 0 = 1 AND d.accepted_at > ? AND d.phase = 'firing'
       AND d.state IN ('pending', 'claimed', 'delivered', 'unknown')
       AND ABS(? - COALESCE(d.finished_at, d.accepted_at)) < ?
     ORDER BY d.id DESC LIMIT 1`,
    dedupKey,
    chat,
    Math.round(nowMs - 2 * Math.max(dedupMs, QUOTA_WINDOW_MS)),
    nowMs,
    Math.round(dedupMs),
  );
  return row ? { deliveryId: integer(row, 'id'), rootId: integer(row, 'root_id') } : undefined;
}

/** New messages to the chat in the last hour, as the quota counts them. */
export async function notificationsOfLastHour(
  sql: Queries,
  chat: string,
  nowMs: number,
): Promise<readonly Notification[]> {
  const rows = await sql.all(
    `SELECT a.category, a.kind, a.symbol, a.tier, a.priority, d.accepted_at FROM deliveries d JOIN alerts a ON a.id = d.alert_id
     WHERE d.chat = ? AND d.is_counted = 1 AND d.accepted_at > ? AND d.state IN ('pending', 'claimed', 'delivered', 'unknown')`,
    chat,
    nowMs - QUOTA_WINDOW_MS,
  );
  return rows.map((row) => ({
    category: member(row, 'category', CATEGORIES),
    kind: member(row, 'kind', ALERT_KINDS),
    symbol: optionalText(row, 'symbol'),
    tier: integer(row, 'tier'),
    priority: member(row, 'priority', PRIORITIES),
    atMs: integer(row, 'accepted_at'),
  }));
}

/** An alert whose end was lost, for example because it was inhibited then, must not mute for ever. */
const MUTE_SPAN_MS = 1_800_000;

/** Rules count over windows of this length: the events that start an alert are at most this much older than it. */
const WINDOW_MS = 30_000;

/**
 * A cascade mutes the large single liquidations of its symbol up to its tier, and a higher tier mutes the lower ones. This
 * holds after its end too, for events from the time when it fired: its own message covered them.
 */
export async function isMuted(sql: Queries, facts: AlertFacts, nowMs: number): Promise<boolean> {
  if (facts.symbol === undefined || facts.category !== 'market') return false;
  const { symbol, kind, name, tier, eventAt } = facts;
  const row = await sql.get(
    `SELECT id FROM alerts WHERE accepted_at > ? AND symbol = ?
       AND (status = 'firing' OR (starts_at - ${WINDOW_MS} <= ? AND ends_at >= ?))
       AND ((kind = ? AND name = ? AND tier > ?) OR (? = 'large_liquidation' AND kind = 'cascade' AND tier >= ?)) LIMIT 1`,
    nowMs - MUTE_SPAN_MS,
    symbol,
    Math.round(eventAt),
    Math.round(eventAt),
    ...[kind, name, tier],
    ...[kind, tier],
  );
  return row !== undefined;
}

/**
 * Whether this chat has a message about a higher tier of the same alert, from the time since this one last began. Then only
 * the message of the higher tier is edited; this one stays as it is until its end.
 * @param root the alert that this one's message was made for
 */
export async function isOvertaken(sql: Queries, chat: string, root: StoredAlert): Promise<boolean> {
  const { id, facts, startsAt } = root;
  const row = await sql.get(
    `SELECT 1 FROM alerts a JOIN deliveries d ON d.alert_id = a.id
     WHERE a.symbol = ? AND a.accepted_at > ? AND a.name = ? AND a.tier > ?
       AND (a.status = 'firing' OR a.ends_at >= (SELECT MAX(g.starts_at) FROM alerts g WHERE g.root_id = ?))
       AND d.chat = ? AND d.phase = 'firing' AND d.is_counted = 1 LIMIT 1`,
    facts.symbol ?? null,
    Math.round(startsAt - MUTE_SPAN_MS),
    facts.name,
    facts.tier,
    id,
    chat,
  );
  return row !== undefined;
}

/** Ids of the edits that wait for messages of lower tiers in this chat. A message about a higher tier makes them useless. */
export async function overtakenEdits(
  sql: Queries,
  chat: string,
  { symbol, name, tier }: AlertFacts,
): Promise<readonly number[]> {
  if (tier === 1) return [];
  const rows = await sql.all(
    `SELECT d.id FROM deliveries d JOIN alerts a ON a.id = d.alert_id
     WHERE d.chat = ? AND d.state = 'pending' AND d.phase = 'update' AND a.symbol = ? AND a.name = ? AND a.tier < ?`,
    chat,
    symbol ?? null,
    name,
    tier,
  );
  return rows.map((row) => integer(row, 'id'));
}

export async function isChatPaused(sql: Queries, chat: string): Promise<boolean> {
  return (await sql.get('SELECT 1 FROM chats WHERE key = ? AND paused_reason IS NOT NULL', chat)) !== undefined;
}
