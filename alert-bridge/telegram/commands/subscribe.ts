// `/subscribe` and `/unsubscribe`: by symbol, type and lowest priority.
import { subscribe as add, type Change, unsubscribe as remove } from '../../subscriptions/change.ts';
import { describeSubscription } from '../../subscriptions/describe.ts';
import type { Command, CommandCall, CommandDesk } from './command.ts';

export const subscribe: Command = {
  name: 'subscribe',
  usage: '[all] [BTC ETH …] [oi cascade …] [high]',
  summary: 'what this chat gets; alone: goes on after a pause',
  needs: 'member',
  run: (call, desk) => keep(add(call.subscription, call.words), call, desk),
};

export const unsubscribe: Command = {
  name: 'unsubscribe',
  usage: '[SOL …] [large …]',
  summary: 'leaves these out; alone: pauses everything',
  needs: 'member',
  run: (call, desk) => keep(remove(call.subscription, call.words), call, desk),
};

async function keep(change: Change, { chat }: CommandCall, desk: CommandDesk): Promise<string> {
  if (change.type === 'refused') {
    return `Not understood: ${change.problem}.\nTry /subscribe BTC oi high, /unsubscribe SOL, or /subscribe all.`;
  }
  await desk.subscriptions.put(chat, change.subscription, desk.clock.now());
  desk.subscribersChanged();
  return ['✅ This chat gets', ...describeSubscription(change.subscription)].join('\n');
}
