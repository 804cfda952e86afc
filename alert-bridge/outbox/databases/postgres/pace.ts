// Telegram's limits, kept by several bridges together: the record of `outbox/pace.ts` in a table. A claim locks the row for
// all chats until its commit, so that two bridges never take the same slot.
import type { ChatAddress } from '../../../model/chat.ts';
import {
  type ChatPace,
  FRESH_CHAT,
  isPaced,
  type OverallPace,
  paceRefused,
  paceStarted,
  paceWaitMs,
} from '../../pace.ts';
import type { Rank } from '../../priority.ts';
import { readAddress } from '../../sql/chats.ts';
import type { Queries, Row } from '../../sql/database.ts';
import { integer, text } from '../../sql/rows.ts';

/** A chat to which something may leave now, and how urgent that has to be. */
export interface OpenChat {
  readonly key: string;
  readonly lowest: Rank;
}

/** What a bridge saw of the record: enough to know when to look again. Times are the database's own. */
export interface PaceView {
  readonly at: number;
  readonly overall: OverallPace;
  readonly chats: ReadonlyMap<string, ChatPace>;
}

/** To be called first in a transaction that claims or records: nobody else changes the record until its commit. */
export async function lockPace(sql: Queries): Promise<OverallPace> {
  const row = await sql.get(`SELECT recent, slowdown, slowed_at FROM pace WHERE chat_id = '' FOR UPDATE`);
  if (row === undefined) throw new TypeError('the table pace has lost its first row');
  return { recent: readTimes(row), slowdown: integer(row, 'slowdown'), slowedAt: integer(row, 'slowed_at') };
}

const CHATS = `
  SELECT c.*, p.last_at, p.closed_until, p.recent, database_now() AS now,
    EXISTS (SELECT 1 FROM deliveries d JOIN chats o ON o.key = d.chat
      WHERE d.state = 'claimed' AND o.chat_id = c.chat_id) AS is_busy
  FROM chats c LEFT JOIN pace p ON p.chat_id = c.chat_id
  WHERE c.key IN (SELECT jsonb_array_elements_text(?::jsonb))`;

/** The record of these chats, and which of them are open: one request at a time to each, whichever bridge sends it. */
export async function readOpenChats(
  sql: Queries,
  overall: OverallPace,
  chatKeys: readonly string[],
  lowestRank: Rank,
): Promise<{ readonly open: readonly OpenChat[]; readonly view: PaceView }> {
  const rows = await sql.all(CHATS, JSON.stringify(chatKeys));
  const chats = new Map<string, ChatPace>();
  const open: OpenChat[] = [];
  for (const row of rows) {
    const chat = readAddress(row);
    const pace = readPace(row);
    chats.set(chat.chatId, pace);
    if (row.is_busy === 1) continue;
    const isOpen = (isHigh: boolean) =>
      !isPaced(chat) || paceWaitMs(overall, pace, chat, integer(row, 'now'), isHigh) === 0;
    if (isOpen(false)) open.push({ key: chat.key, lowest: lowestRank });
    // What a pace keeps for high priority is open to nothing else.
    else if (isOpen(true)) open.push({ key: chat.key, lowest: 0 });
  }
  const first = rows[0];
  return { open, view: { at: first ? integer(first, 'now') : 0, overall, chats } };
}

/** A request is about to leave for the chat. To be called under `lockPace`. */
export async function takeSlot(sql: Queries, overall: OverallPace, chat: ChatAddress): Promise<void> {
  if (!isPaced(chat)) return;
  const row = await sql.get(
    `SELECT p.last_at, p.closed_until, p.recent, database_now() AS now
     FROM (SELECT ?::text AS chat_id) c LEFT JOIN pace p ON p.chat_id = c.chat_id`,
    chat.chatId,
  );
  if (row === undefined) return;
  const after = paceStarted(overall, readPace(row), chat, integer(row, 'now'));
  await sql.run(`UPDATE pace SET recent = ? WHERE chat_id = ''`, JSON.stringify(after.overall.recent));
  await sql.run(
    `INSERT INTO pace VALUES (?, ?, ?, ?, 1, 0) ON CONFLICT (chat_id) DO UPDATE SET
       last_at = excluded.last_at, closed_until = excluded.closed_until, recent = excluded.recent`,
    ...[chat.chatId, after.pace.lastAt, after.pace.closedUntil, JSON.stringify(after.pace.recent)],
  );
}

/** Telegram has answered, or will not: the gap to the next request counts from now. */
export async function recordAnswer(sql: Queries, chatId: string): Promise<void> {
  await sql.run('UPDATE pace SET last_at = database_now() WHERE chat_id = ?', chatId);
}

/** Telegram refused with `retry_after`: this chat waits, and all of them slow down. */
export async function recordRefusal(sql: Queries, chatId: string, retryAfterMs: number): Promise<void> {
  const overall = await lockPace(sql);
  const now = Number((await sql.get('SELECT database_now() AS now'))?.now);
  const { slowdown, slowedAt } = paceRefused(overall, now);
  await sql.run(`UPDATE pace SET slowdown = ?, slowed_at = ? WHERE chat_id = ''`, slowdown, slowedAt);
  await sql.run('UPDATE pace SET closed_until = ? WHERE chat_id = ?', now + Math.ceil(retryAfterMs), chatId);
}

function readPace(row: Row): ChatPace {
  if (row.last_at === null) return FRESH_CHAT;
  return { lastAt: integer(row, 'last_at'), closedUntil: integer(row, 'closed_until'), recent: readTimes(row) };
}

function readTimes(row: Row): readonly number[] {
  const parsed: unknown = JSON.parse(text(row, 'recent'));
  return Array.isArray(parsed) ? parsed.filter((time) => typeof time === 'number') : [];
}
