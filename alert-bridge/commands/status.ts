// `/status`: feeds, queue, last alert.
import { formatClock, formatDuration } from '../format/figures.ts';
import type { Command, StackStatus } from './command.ts';

export const status: Command = {
  name: 'status',
  usage: '',
  summary: 'feeds, queue, last alert',
  needs: 'admin',
  async run(_call, services) {
    const now = services.clock.now();
    const [state, [last]] = await Promise.all([
      services.status(),
      services.history.read({ symbol: undefined, limit: 1, before: undefined, isNotifiedOnly: true }),
    ]);
    const lastLine = last
      ? `last alert: ${[last.symbol, last.name].filter(Boolean).join(' ')}, ${formatClock(Date.parse(last.startsAt), now)}`
      : 'last alert: none yet';
    return [
      detectionLine(state, now),
      ...feedLines(state),
      `queue: ${state.waiting} waiting, ${state.failed} failed`,
      lastLine,
    ].join('\n');
  },
};

function detectionLine({ heartbeatAtMs, isSilent }: StackStatus, now: number): string {
  if (isSilent) return '⚠️ detection is silent: no heartbeat arrives';
  if (heartbeatAtMs === undefined) return 'no heartbeat yet';
  return `✅ detection is up, heartbeat ${formatDuration((now - heartbeatAtMs) / 1_000)} ago`;
}

function feedLines({ feeds }: StackStatus): readonly string[] {
  if (feeds === undefined) return ['feeds: Prometheus does not answer'];
  if (feeds.length === 0) return ['feeds: none known yet'];
  return feeds.map(([name, isConnected]) => `${isConnected ? '🟢' : '🔴'} ${name}`);
}
