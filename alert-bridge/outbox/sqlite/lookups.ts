// What the outbox already knows when it decides about an alert: reads only.
import { ALERT_KINDS, type AlertFacts, PRIORITIES } from '../../alert.ts';
import { QUOTA_WINDOW_MS, type Told } from '../quota.ts';
import { type Connection, integer, member, optionalText } from './connection.ts';

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** The message that told this chat the same within the window; deliveries that failed told it nothing. */
export function findDuplicate(
  db: Connection,
  chat: string,
  dedupKey: string,
  nowMs: number,
  dedupMs: number,
): { readonly deliveryId: number; readonly rootId: number } | undefined {
  const row = db.get(
    `SELECT d.id, a.root_id FROM deliveries d JOIN alerts a ON a.id = d.alert_id
     WHERE d.chat = ? AND d.is_counted = 1 AND d.accepted_at > ? AND a.dedup_key = ? AND d.phase = 'firing'
       AND d.state IN ('pending', 'claimed', 'delivered', 'unknown')
       AND ABS(? - COALESCE(d.finished_at, d.accepted_at)) < ?
     ORDER BY d.id DESC LIMIT 1`,
    chat,
    nowMs - 2 * Math.max(dedupMs, QUOTA_WINDOW_MS),
    dedupKey,
    nowMs,
    dedupMs,
  );
  return row ? { deliveryId: integer(row, 'id'), rootId: integer(row, 'root_id') } : undefined;
}

export function toldInLastHour(db: Connection, chat: string, nowMs: number): readonly Told[] {
  const rows = db.all(
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

/** An alert whose end was lost (it was inhibited when it ended, say) must not mute for ever. */
const MUTE_SPAN_MS = 1_800_000;

/** RUL-7: a cascade mutes the large single liquidations of its symbol up to its tier, a higher tier the lower ones. */
export function isMuted(db: Connection, facts: AlertFacts, nowMs: number): boolean {
  if (facts.symbol === undefined || facts.category !== 'market') return false;
  const higher = db.get(
    `SELECT id FROM alerts WHERE status = 'firing' AND symbol = ? AND kind = ? AND name = ? AND tier > ? AND accepted_at > ? LIMIT 1`,
    facts.symbol,
    facts.kind,
    facts.name,
    facts.tier,
    nowMs - MUTE_SPAN_MS,
  );
  if (higher || facts.kind !== 'large_liquidation') return higher !== undefined;
  const cascade = db.get(
    `SELECT id FROM alerts WHERE status = 'firing' AND symbol = ? AND kind = 'cascade' AND tier >= ? AND accepted_at > ? LIMIT 1`,
    facts.symbol,
    facts.tier,
    nowMs - MUTE_SPAN_MS,
  );
  return cascade !== undefined;
}

export function isChatPaused(db: Connection, chat: string): boolean {
  return db.get('SELECT 1 FROM chats WHERE key = ? AND paused_reason IS NOT NULL', chat) !== undefined;
}
