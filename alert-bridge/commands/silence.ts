// `/silence BTC 1h [reason]`: one of Alertmanager's own silences.
import { formatClock } from '../format/figures.ts';
import { describeScope, parseScope } from '../model/silence-scope.ts';
import { parseDuration } from '../silences/duration.ts';
import { type Command, personText } from './command.ts';

const EXAMPLE =
  'Write /silence BTC 1h, or /silence LiquidationCascade BTC 30m with a reason behind it. 24 hours at most.';

export const silence: Command = {
  name: 'silence',
  usage: 'BTC 1h [reason]',
  summary: 'nothing on a symbol or an alert for a while, for everybody',
  needs: 'admin',
  async run({ words, chat, person }, services) {
    const at = words.findIndex((word) => parseDuration(word) !== undefined);
    const scope = parseScope(words.slice(0, Math.max(0, at)));
    const durationMs = parseDuration(words[at] ?? '');
    if (scope === undefined || durationMs === undefined) return `Not understood. ${EXAMPLE}`;
    const comment = words.slice(at + 1).join(' ') || 'from Telegram';
    const made = await services.silences.silence({
      scope,
      durationMs,
      by: personText(person),
      comment,
      chat: chat.key,
    });
    return `🔕 ${describeScope(scope)} is silent until ${formatClock(made.endsAt, services.clock.wallNow())}.\nUndo: /unsilence ${made.id}`;
  },
};
