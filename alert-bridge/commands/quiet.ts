// `/quiet 22:00-07:00 Europe/Berlin`: quiet hours of this chat.

import { formatQuietHours, parseQuietHours } from '../model/quiet-hours.ts';
import { describeSubscription } from '../subscriptions/describe.ts';
import type { Command } from './command.ts';

export const quiet: Command = {
  name: 'quiet',
  usage: '22:00-07:00 Europe/Berlin [all] | off',
  summary: 'high still rings, medium comes silently, low waits for the digest; all: everything waits',
  needs: 'member',
  needsInGroup: 'admin',
  async run({ words, chat, subscription }, services) {
    const text = words.join(' ');
    if (text === '') {
      const present = subscription.quiet ? formatQuietHours(subscription.quiet) : 'none';
      return `Quiet hours: ${present}.\nSet them with /quiet 22:00-07:00 Europe/Berlin, end them with /quiet off.`;
    }
    const isOff = text.toLowerCase() === 'off';
    const hours = isOff ? undefined : parseQuietHours(text);
    if (!isOff && hours === undefined) {
      return 'Not understood. Write two different times and a time zone by its name: /quiet 22:00-07:00 Europe/Berlin';
    }
    const changed = { ...subscription, quiet: hours };
    await services.subscriptions.put(chat, changed, services.clock.now());
    services.subscribersChanged();
    return ['✅ This chat gets', ...describeSubscription(changed)].join('\n');
  },
};
