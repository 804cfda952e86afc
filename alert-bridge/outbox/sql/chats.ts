// The chats that this outbox knows: where they are now, and whether they still take messages.
import type { ChatAddress } from '../../model/chat.ts';
import type { ChatStatus } from '../store.ts';
import { suppressPending } from './deliveries.ts';
import { integer, optionalInteger, optionalText, text } from './rows.ts';
import { all, type Row, run, type Work } from './work.ts';

/** Takes in the configured chats; one that is known keeps the address that Telegram moved it to. */
export function* syncChats(chats: readonly ChatAddress[]): Work<void> {
  for (const chat of chats) {
    // A configured chat is given another chance at each start: somebody may have let the bot in again.
    yield* run(
      `INSERT INTO chats (key, chat_id, thread_id) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET paused_reason = NULL, paused_at = NULL`,
      chat.key,
      chat.chatId,
      chat.threadId ?? null,
    );
  }
}

export function* readChats(): Work<readonly ChatStatus[]> {
  return (yield* all('SELECT * FROM chats ORDER BY rowid')).map((row) => ({
    address: readAddress(row),
    pausedReason: optionalText(row, 'paused_reason'),
  }));
}

export function readAddress(row: Row): ChatAddress {
  return { key: text(row, 'key'), chatId: text(row, 'chat_id'), threadId: optionalInteger(row, 'thread_id') };
}

/** What still waits for the chat is ended with it. */
export function* pauseChat(chatKey: string, reason: string, nowMs: number): Work<void> {
  yield* run('UPDATE chats SET paused_reason = ?, paused_at = ? WHERE key = ?', reason, nowMs, chatKey);
  for (const row of yield* all(`SELECT id FROM deliveries WHERE chat = ? AND state = 'pending'`, chatKey)) {
    yield* suppressPending(integer(row, 'id'), 'chat_paused', nowMs);
  }
}
