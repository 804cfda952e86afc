// A notice that every bridge could send, and only the leader does. Where no bridge leads for a while, as without a database,
// the next leader sends it.
import type { Clock } from '../../common/clock.ts';
import type { Cluster } from './cluster.ts';

export interface LeaderNoticesOptions {
  readonly cluster: Pick<Cluster, 'isLeader' | 'isAlive' | 'peers'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const LOOK_AGAIN_MS = 1_000;

export function createLeaderNotices({ cluster, clock, signal, say }: LeaderNoticesOptions): (text: string) => void {
  async function sayAsLeader(text: string): Promise<void> {
    while (!signal.aborted && !cluster.isLeader()) {
      // What is known of the others holds only while this bridge itself renews its lease.
      if (cluster.isAlive() && cluster.peers().isLedByOther) return;
      await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => {});
    }
    if (!signal.aborted) say(text);
  }
  return (text) => void sayAsLeader(text);
}
