// `/alerts`: what fires now.

import { formatClock, plural } from '../format/figures.ts';
import { lifeSignOf } from '../model/alert.ts';
import type { Command } from './command.ts';

const SHOWN = 20;

export const alerts: Command = {
  name: 'alerts',
  usage: '',
  summary: 'what fires now',
  needs: 'member',
  async run(_call, services) {
    const firing = (await services.firing()).filter(({ labels }) => lifeSignOf(labels) === undefined);
    if (firing.length === 0) return 'Nothing fires now.';
    const lines = firing.slice(0, SHOWN).map(({ labels, startsAt }) => {
      const name = [labels.symbol, labels.alertname, Number(labels.tier) > 1 ? `×${labels.tier}` : ''];
      return `• ${name.filter(Boolean).join(' ')}, since ${formatClock(Date.parse(startsAt), services.clock.now())}`;
    });
    const rest = firing.length - SHOWN;
    return [`${plural(firing.length, 'alert')} firing`, ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
  },
};
