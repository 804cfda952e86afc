// Subscriptions as the outbox reads them, in the transaction that accepts an alert.
import { PRIORITIES } from '../../model/alert.ts';
import type { ChatAddress } from '../../model/chat.ts';
import { parseQuietHours } from '../../model/quiet-hours.ts';
import { ALERT_TYPES, EVERYTHING, type Subscription } from '../../model/subscription.ts';
import { readAddress } from './chats.ts';
import type { Queries, Row } from './database.ts';
import { member, optionalText } from './rows.ts';

/** Every chat that has a subscription, at its present address: Telegram may have moved a group. */
export async function addedSubscribers(sql: Queries): Promise<readonly ChatAddress[]> {
  const rows = await sql.all('SELECT c.* FROM subscriptions s JOIN chats c ON c.key = s.chat ORDER BY c.rowid');
  return rows.map(readAddress);
}

export async function subscriptionOf(sql: Queries, chatKey: string): Promise<Subscription> {
  const row = await sql.get('SELECT * FROM subscriptions WHERE chat = ?', chatKey);
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
