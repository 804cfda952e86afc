// A subscription in lines that people read, in the chat and on the page alike. Pure.
import { formatQuietHours } from '../model/quiet-hours.ts';
import type { Subscription } from '../model/subscription.ts';

export function describeSubscription(subscription: Subscription): readonly string[] {
  const { symbols, exceptSymbols, types, lowestPriority, quiet, isPaused } = subscription;
  const except = exceptSymbols.length === 0 ? '' : ` but ${exceptSymbols.join(', ')}`;
  return [
    ...(isPaused ? ['⏸ paused: nothing is sent'] : []),
    `symbols: ${symbols?.join(', ') ?? 'all'}${except}`,
    `types: ${types?.join(', ') ?? 'all'}`,
    `priority: ${lowestPriority === 'low' ? 'all' : `${lowestPriority} and above`}`,
    `quiet: ${quiet ? formatQuietHours(quiet) : 'never'}`,
  ];
}
