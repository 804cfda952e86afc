// Notices of the bridge itself: detection is silent or back, and commands had to end.
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

export function commandsOffNotice(reason: 'conflict' | 'unauthorized'): string {
  const why =
    reason === 'conflict'
      ? ['Another program polls with this token.', 'Give this bot a token of its own.']
      : ['Telegram refuses the bot token.'];
  return ['⚠️ Commands and buttons are off', ...why, 'Alerts keep coming.'].join('\n');
}
