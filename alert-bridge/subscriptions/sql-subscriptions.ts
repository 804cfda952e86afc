// Subscriptions in the outbox's database, so that an alert is judged by them in the transaction that accepts it.
import { PRIORITIES } from '../alert.ts';
import type { ChatAddress } from '../chat.ts';
import { readAddress } from '../outbox/sql/chats.ts';
import { member, optionalText } from '../outbox/sql/rows.ts';
import { all, type Database, get, type Row, run, type Work } from '../outbox/sql/work.ts';
import { formatQuietHours, parseQuietHours } from './quiet-hours.ts';
import type { Subscriber, SubscriptionStore } from './store.ts';
import { ALERT_TYPES, EVERYTHING, type Subscription } from './subscription.ts';

export function createSubscriptions(db: Database, configured: readonly ChatAddress[]): SubscriptionStore {
  const configuredKeys = new Set(configured.map((chat) => chat.key));
  function* list(): Work<readonly Subscriber[]> {
    const added = (yield* addedSubscribers()).filter((chat) => !configuredKeys.has(chat.key));
    const subscribers: Subscriber[] = [];
    for (const chat of [...configured, ...added]) {
      const isConfigured = configuredKeys.has(chat.key);
      const subscription = yield* subscriptionOf(chat.key);
      subscribers.push({ chat: yield* presentAddress(chat), isConfigured, subscription });
    }
    return subscribers;
  }
  return {
    list: () => db.read(list),
    find: async (chatKey) => (await db.read(list)).find((subscriber) => subscriber.chat.key === chatKey),
    async put(chat, { symbols, exceptSymbols, types, lowestPriority, quiet, isPaused }, now) {
      await db.commit(function* () {
        yield* run(
          'INSERT INTO chats (key, chat_id, thread_id) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING',
          chat.key,
          chat.chatId,
          chat.threadId ?? null,
        );
        yield* run(
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
    remove: async (chatKey) => (await db.commit(() => run('DELETE FROM subscriptions WHERE chat = ?', chatKey))) > 0,
  };
}

/** Every chat that somebody subscribed; where Telegram moved a group, its present address. */
export function* addedSubscribers(): Work<readonly ChatAddress[]> {
  const rows = yield* all('SELECT c.* FROM subscriptions s JOIN chats c ON c.key = s.chat ORDER BY c.rowid');
  return rows.map(readAddress);
}

export function* subscriptionOf(chatKey: string): Work<Subscription> {
  const row = yield* get('SELECT * FROM subscriptions WHERE chat = ?', chatKey);
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
function* presentAddress(chat: ChatAddress): Work<ChatAddress> {
  const row = yield* get('SELECT * FROM chats WHERE key = ?', chat.key);
  return row ? readAddress(row) : chat;
}
