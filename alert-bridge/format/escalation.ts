// The reminder of an alert that nobody has seen.
import type { StoredAlert } from '../outbox/delivery.ts';
import { formatClock } from './figures.ts';

export function escalationNotice(alert: StoredAlert, nowMs: number): string {
  const { symbol, name, tier } = alert.facts;
  const title = [symbol ?? '', name, tier > 1 ? `×${tier}` : ''].filter((word) => word !== '').join(' ');
  return [
    '⏰ NOT SEEN for 5 minutes',
    title,
    alert.status === 'firing' ? `still firing, since ${formatClock(alert.startsAt, nowMs)}` : 'it has ended meanwhile',
    alert.annotations.summary ?? '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
