// The bridge's own words about detection that went silent, and is back.
import { formatClock, formatDuration } from './figures.ts';

export function silentNotice(sinceMs: number, nowMs: number): string {
  return [
    `⚠️ detection silent since ${formatClock(sinceMs, nowMs)}`,
    'No heartbeat from Prometheus arrives:',
    'alerts cannot be trusted to come.',
  ].join('\n');
}

export function backNotice(silentMs: number): string {
  return ['✅ detection is back', `It was silent for ${formatDuration(silentMs / 1_000)}.`].join('\n');
}
