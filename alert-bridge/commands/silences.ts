// `/silences`: everything that is silent now, wherever it was made.
import { formatClock } from '../format/figures.ts';
import type { Command } from './command.ts';

const SHOWN = 20;

export const silences: Command = {
  name: 'silences',
  usage: '',
  summary: 'what is silent now',
  needs: 'member',
  async run(_call, services) {
    const present = await services.silences.list();
    if (present.length === 0) return 'Nothing is silent now.';
    const lines = present.slice(0, SHOWN).map(({ shortId, id, matchers, endsAtMs, createdBy, comment }) => {
      const until = formatClock(endsAtMs, services.clock.wallNow());
      return `• ${matchers} until ${until}, by ${createdBy}: ${comment}\n   /unsilence ${shortId ?? id}`;
    });
    return lines.join('\n');
  },
};
