// `/subscribe` and `/unsubscribe`: by symbol, type and lowest priority.
import { subscribe as add, type Change, unsubscribe as remove } from '../subscriptions/change.ts';
import { describeSubscription } from '../subscriptions/describe.ts';
import type { Command, CommandCall, CommandServices } from './command.ts';

export const subscribe: Command = {
  name: 'subscribe',
  usage: '[all] [BTC ETH …] [oi cascade …] [high]',
  summary: 'what this chat gets; alone: goes on after a pause',
  needs: 'member',
  needsInGroup: 'admin',
  run: (call, services) => keep(add(call.subscription, call.words), call, services),
};

export const unsubscribe: Command = {
  name: 'unsubscribe',
  usage: '[SOL …] [large …]',
  summary: 'leaves these out; alone: pauses everything',
  needs: 'member',
  needsInGroup: 'admin',
  run: (call, services) => keep(remove(call.subscription, call.words), call, services),
};

async function keep(change: Change, { chat }: CommandCall, services: CommandServices): Promise<string> {
  if (change.type === 'refused') {
    return `Not understood: ${change.problem}.\nTry /subscribe BTC oi high, /unsubscribe SOL, or /subscribe all.`;
  }
  await services.subscriptions.put(chat, change.subscription, services.clock.now());
  services.subscribersChanged();
  const unwatched = await unwatchedOf(change.subscription.symbols ?? [], services);
  return [
    '✅ This chat gets',
    ...describeSubscription(change.subscription),
    ...(unwatched.length === 0 ? [] : [`⚠️ nobody watches ${unwatched.join(', ')} now: a slip of the pen?`]),
  ].join('\n');
}

/** A mistyped type (`cascde`) reads as a symbol, and no alert would ever match it. */
async function unwatchedOf(symbols: readonly string[], services: CommandServices): Promise<readonly string[]> {
  const watched = symbols.length === 0 ? undefined : await services.watchedSymbols();
  return watched === undefined ? [] : symbols.filter((symbol) => !watched.includes(symbol));
}
