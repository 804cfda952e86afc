// The digest: what quotas, storms and lateness held back, in one message.
import type { DigestContent } from '../outbox/delivery.ts';
import { contextLines, type RenderContext } from './context.ts';
import { formatClock, formatUsd, plural } from './figures.ts';
import { KEEP_TOGETHER } from './length.ts';
import type { MessageParts } from './message.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['quota', 'over the hourly limit'],
  ['rate_limit', 'too soon after another'],
  ['late', 'too old on arrival'],
  ['quiet_hours', 'quiet hours'],
  ['expired', 'too old to send'],
  ['network', 'Telegram out of reach'],
  ['server_error', 'Telegram failing'],
]);
const MAX_SUBJECTS = 6;

export function formatDigest(digest: DigestContent, context: RenderContext): MessageParts {
  const held = digest.total - digest.unconfirmed;
  const shown = digest.bySubject.slice(0, MAX_SUBJECTS).map(([subject, count]) => `${subject}${KEEP_TOGETHER}${count}`);
  const rest = digest.bySubject.length - shown.length;
  const reasons = digest.byReason.flatMap(([reason, count]) => {
    const words = REASONS.get(reason);
    return words ? [`${count} ${words}`] : [];
  });
  return {
    lines: [
      held > 0 ? `🗂 DIGEST: ${plural(held, 'alert')} held back` : '🗂 DIGEST',
      `since ${formatClock(digest.since, context.nowMs)}`,
    ],
    more: [
      ...(shown.length > 0 ? [`🪙 ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`] : []),
      ...(digest.largest
        ? [`💰 Largest: ${formatUsd(digest.largest.notionalUsd)} ${digest.largest.subject} ${digest.largest.name}`]
        : []),
      ...reasons,
      ...(digest.unconfirmed > 0 ? [`❔ ${plural(digest.unconfirmed, 'message')} may not have arrived`] : []),
      ...contextLines(context),
    ],
  };
}
