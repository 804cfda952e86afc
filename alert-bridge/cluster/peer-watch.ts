// A regular look at the other bridges: messages of theirs to take over, and a heartbeat that only they heard.
import type { EpochMs } from '../../common/brands.ts';
import type { OutboxStore } from '../outbox/store.ts';
import type { Cluster } from './cluster.ts';

export interface PeerNews {
  /** Messages that a bridge which is gone left behind, and that are sent again. */
  readonly recovered: number;
  readonly isHeartbeatHeard: boolean;
}

/** The same heartbeat, seen again, differs by less than this. */
const HEARD_ANEW_MS = 1_000;

/** @returns what is new since the look before. @throws AppError OUTBOX_UNAVAILABLE */
export function createPeerWatch(
  store: Pick<OutboxStore, 'recover'>,
  cluster: Pick<Cluster, 'peers'>,
): (now: EpochMs) => Promise<PeerNews> {
  const heardAt = () => cluster.peers().heardAt ?? Number.NEGATIVE_INFINITY;
  let seenHeardAt = heardAt();
  return async (now) => {
    const recovered = await store.recover(now);
    const isHeartbeatHeard = heardAt() > seenHeardAt + HEARD_ANEW_MS;
    seenHeardAt = heardAt();
    return { recovered, isHeartbeatHeard };
  };
}
