// What every bridge notices and one has to say: the leader does. Where nobody leads for a while, as without a database,
// whoever leads next.
import type { Clock } from '../../common/clock.ts';
import type { Cluster } from './cluster.ts';

export interface SpokesmanOptions {
  readonly cluster: Pick<Cluster, 'isLeader' | 'isAlive' | 'peers'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const LOOK_AGAIN_MS = 1_000;

export function createLeaderNotices({ cluster, clock, signal, say }: SpokesmanOptions): (text: string) => void {
  async function tell(text: string): Promise<void> {
    while (!signal.aborted && !cluster.isLeader()) {
      // What was last heard of the others is true only as long as this bridge is heard of itself.
      if (cluster.isAlive() && cluster.peers().isLedByOther) return;
      await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => {});
    }
    if (!signal.aborted) say(text);
  }
  return (text) => void tell(text);
}
