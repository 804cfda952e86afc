// Subscriptions in the outbox's database, so that an alert is judged by them in the transaction that accepts it.
import { PRIORITIES } from '../alert.ts';
import type { ChatAddress } from '../chat.ts';
import { readAddress } from '../outbox/sqlite/chats.ts';
import { commit } from '../outbox/sqlite/commit.ts';
import { type Connection, member, optionalText, type Row } from '../outbox/sqlite/connection.ts';
import { formatQuietHours, parseQuietHours } from './quiet-hours.ts';
import type { Subscriber, SubscriptionStore } from './store.ts';
import { ALERT_TYPES, EVERYTHING, type Subscription } from './subscription.ts';

export function createSqliteSubscriptions(db: Connection, configured: readonly ChatAddress[]): SubscriptionStore {
  const configuredKeys = new Set(configured.map((chat) => chat.key));
  const list = (): readonly Subscriber[] => {
    const added = addedSubscribers(db).filter((chat) => !configuredKeys.has(chat.key));
    return [...configured, ...added].map((chat) => ({
      chat: presentAddress(db, chat),
      isConfigured: configuredKeys.has(chat.key),
      subscription: subscriptionOf(db, chat.key),
    }));
  };
  return {
    list: async () => list(),
    find: async (chatKey) => list().find((subscriber) => subscriber.chat.key === chatKey),
    async put(chat, { symbols, exceptSymbols, types, lowestPriority, quiet, isPaused }, now) {
      commit(db, () => {
        db.run(
          'INSERT INTO chats (key, chat_id, thread_id) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING',
          chat.key,
          chat.chatId,
          chat.threadId ?? null,
        );
        db.run(
          'INSERT OR REPLACE INTO subscriptions (chat, symbols, except_symbols, types, lowest_priority, quiet, is_paused, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
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
      commit(db, () => db.run('DELETE FROM subscriptions WHERE chat = ?', chatKey).changes > 0),
  };
}

/** Every chat that somebody subscribed; where Telegram moved a group, its present address. */
export function addedSubscribers(db: Connection): readonly ChatAddress[] {
  return db.all('SELECT c.* FROM subscriptions s JOIN chats c ON c.key = s.chat ORDER BY c.rowid').map(readAddress);
}

export function subscriptionOf(db: Connection, chatKey: string): Subscription {
  const row = db.get('SELECT * FROM subscriptions WHERE chat = ?', chatKey);
  return row ? readSubscription(row) : EVERYTHING;
}

function readSubscription(row: Row): Subscription {
  const quiet = optionalText(row, 'quiet');
  const types = readList(optionalText(row, 'types'));
  return {
    symbols: readList(optionalText(row, 'symbols')),
    exceptSymbols: readList(optionalText(row, 'except_symbols')) ?? [],
    types: types && ALERT_TYPES.filter((type) => types.includes(type)),
    lowestPriority: member(row, 'lowest_priority', PRIORITIES),
    quiet: quiet === undefined ? undefined : parseQuietHours(quiet),
    isPaused: row.is_paused === 1,
  };
}

function readList(json: string | undefined): readonly string[] | undefined {
  const parsed: unknown = json === undefined ? undefined : JSON.parse(json);
  return Array.isArray(parsed) ? parsed.filter((item) => typeof item === 'string') : undefined;
}

/** Telegram may have moved a group since it was configured. */
function presentAddress(db: Connection, chat: ChatAddress): ChatAddress {
  const row = db.get('SELECT * FROM chats WHERE key = ?', chat.key);
  return row ? readAddress(row) : chat;
}
