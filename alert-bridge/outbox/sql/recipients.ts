// Which chats an alert is for, before anybody asks whether each of them wants it.
import type { AlertCategory } from '../../model/alert.ts';
import type { ChatAddress } from '../../model/chat.ts';
import type { OutboxRules } from '../store.ts';
import type { Queries } from './database.ts';
import { addedSubscribers, subscriptionOf } from './subscriptions.ts';

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** The configured chats of the category, then the subscribers that were added; those get the stack's alerts only on request. */
export async function recipientsOf(
  sql: Queries,
  { chatsFor }: OutboxRules,
  category: AlertCategory,
): Promise<readonly ChatAddress[]> {
  const configured = chatsFor(category);
  const isConfigured = (key: string) => CATEGORIES.some((any) => chatsFor(any).some((chat) => chat.key === key));
  const added: ChatAddress[] = [];
  for (const chat of await addedSubscribers(sql)) {
    if (isConfigured(chat.key)) continue;
    const isWanted = category !== 'stack' || (await subscriptionOf(sql, chat.key)).types?.includes('stack') === true;
    if (isWanted) added.push(chat);
  }
  return added.length === 0 ? configured : [...configured, ...added];
}
