// `/history [symbol]`: the last alerts with what the price did after them, and the scorecard.
import { formatChange, formatClock } from '../format/figures.ts';
import type { HistoryEntry } from '../history/store.ts';
import { scorecardLines } from '../scorecard/describe.ts';
import type { Command } from './command.ts';

const SHOWN = 10;

export const history: Command = {
  name: 'history',
  usage: '[symbol]',
  summary: 'the last alerts, what the price did, how good they were',
  needs: 'member',
  async run({ words }, services) {
    const symbol = words[0]?.toUpperCase();
    const [entries, scorecard] = await Promise.all([
      services.history.read({ symbol, limit: SHOWN, before: undefined, isNotifiedOnly: true }),
      services.scorecard(),
    ]);
    const now = services.clock.now();
    const lines = entries.map((entry) => line(entry, now));
    const none = `No alerts yet${symbol === undefined ? '' : ` on ${symbol}`}.`;
    return [...(lines.length === 0 ? [none] : lines), '', ...scorecardLines(scorecard)].join('\n');
  },
};

function line(entry: HistoryEntry, now: number): string {
  const title = [entry.symbol, entry.name, entry.tier > 1 ? `×${entry.tier}` : ''].filter(Boolean).join(' ');
  const moves = Object.entries(entry.priceMoves).map(([minutes, ratio]) => `${formatChange(ratio)} in ${minutes} m`);
  const votes = entry.useful + entry.useless === 0 ? '' : ` 👍${entry.useful} 👎${entry.useless}`;
  return `• ${formatClock(Date.parse(entry.startsAt), now)} ${title}${votes}${moves.length === 0 ? '' : `\n   ${moves.join(', ')}`}`;
}
