// `/start`: who this is, and what it sends here.
import { describeSubscription } from '../subscriptions/describe.ts';
import type { Command } from './command.ts';

export const start: Command = {
  name: 'start',
  usage: '',
  summary: 'what this bot sends here',
  needs: 'member',
  async run({ subscription, isSubscriber }) {
    const lines = isSubscriber ? describeSubscription(subscription) : ['nothing yet: /subscribe starts it'];
    return [
      '👋 Liquidation and open interest alerts.',
      '',
      'This chat gets',
      ...lines,
      '',
      '/help lists what you can say.',
    ].join('\n');
  },
};
