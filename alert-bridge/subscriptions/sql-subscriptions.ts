// Subscriptions in the outbox's database, so that an alert is judged by them in the transaction that accepts it.
import type { ChatAddress } from '../model/chat.ts';
import { formatQuietHours } from '../model/quiet-hours.ts';
import { readAddress } from '../outbox/sql/chats.ts';
import type { Database, Queries } from '../outbox/sql/database.ts';
import { addedSubscribers, subscriptionOf } from '../outbox/sql/subscriptions.ts';
import type { Subscriber, SubscriptionStore } from './store.ts';

export function createSubscriptions(db: Database, configured: readonly ChatAddress[]): SubscriptionStore {
  const configuredKeys = new Set(configured.map((chat) => chat.key));
  async function list(sql: Queries): Promise<readonly Subscriber[]> {
    const added = (await addedSubscribers(sql)).filter((chat) => !configuredKeys.has(chat.key));
    const subscribers: Subscriber[] = [];
    for (const chat of [...configured, ...added]) {
      const isConfigured = configuredKeys.has(chat.key);
      const subscription = await subscriptionOf(sql, chat.key);
      subscribers.push({ chat: await presentAddress(sql, chat), isConfigured, subscription });
    }
    return subscribers;
  }
  return {
    list: () => db.read(list),
    find: async (chatKey) => (await db.read(list)).find((subscriber) => subscriber.chat.key === chatKey),
    async put(chat, { symbols, exceptSymbols, types, lowestPriority, quiet, isPaused }, now) {
      await db.commit(async (sql) => {
        await sql.run(
          'INSERT INTO chats (key, chat_id, thread_id) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING',
          chat.key,
          chat.chatId,
          chat.threadId ?? null,
        );
        await sql.run(
          `INSERT INTO subscriptions (chat, symbols, except_symbols, types, lowest_priority, quiet, is_paused, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (chat) DO UPDATE SET symbols = excluded.symbols, except_symbols = excluded.except_symbols,
             types = excluded.types, lowest_priority = excluded.lowest_priority, quiet = excluded.quiet,
             is_paused = excluded.is_paused, updated_at = excluded.updated_at`,
          chat.key,
          symbols === undefined ? null : JSON.stringify(symbols),
          JSON.stringify(exceptSymbols),
          types === undefined ? null : JSON.stringify(types),
          lowestPriority,
          quiet === undefined ? null : formatQuietHours(quiet),
          isPaused ? 1 : 0,
          Math.round(now),
        );
      });
    },
    remove: async (chatKey) =>
      (await db.commit((sql) => sql.run('DELETE FROM subscriptions WHERE chat = ?', chatKey))) > 0,
  };
}

/** Telegram may have moved a group since it was configured. */
async function presentAddress(sql: Queries, chat: ChatAddress): Promise<ChatAddress> {
  const row = await sql.get('SELECT * FROM chats WHERE key = ?', chat.key);
  return row ? readAddress(row) : chat;
}
