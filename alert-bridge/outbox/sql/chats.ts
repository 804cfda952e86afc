// The chats that this outbox knows: their present addresses, and which of them are paused.
import type { ChatAddress } from '../../model/chat.ts';
import type { ChatStatus } from '../store.ts';
import type { Queries, Row } from './database.ts';
import { suppressPending } from './deliveries.ts';
import { integer, optionalInteger, optionalText, text } from './rows.ts';

/** Adds the configured chats; one that is known keeps the address that Telegram moved it to. */
export async function syncChats(sql: Queries, chats: readonly ChatAddress[]): Promise<void> {
  for (const chat of chats) {
    // A configured chat is given another chance at each start: somebody may have let the bot in again.
    await sql.run(
      `INSERT INTO chats (key, chat_id, thread_id) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET paused_reason = NULL, paused_at = NULL`,
      chat.key,
      chat.chatId,
      chat.threadId ?? null,
    );
  }
}

export async function readChats(sql: Queries): Promise<readonly ChatStatus[]> {
  return (await sql.all('SELECT * FROM chats ORDER BY rowid')).map((row) => ({
    address: readAddress(row),
    pausedReason: optionalText(row, 'paused_reason'),
  }));
}

export function readAddress(row: Row): ChatAddress {
  return { key: text(row, 'key'), chatId: text(row, 'chat_id'), threadId: optionalInteger(row, 'thread_id') };
}

/** Also ends what waits for the chat. */
export async function pauseChat(sql: Queries, chatKey: string, reason: string, nowMs: number): Promise<void> {
  await sql.run('UPDATE chats SET paused_reason = ?, paused_at = ? WHERE key = ?', reason, nowMs, chatKey);
  for (const row of await sql.all(`SELECT id FROM deliveries WHERE chat = ? AND state = 'pending'`, chatKey)) {
    await suppressPending(sql, integer(row, 'id'), 'chat_paused', nowMs);
  }
}
