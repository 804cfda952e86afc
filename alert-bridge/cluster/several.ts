// A bridge among others: one outbox on PostgreSQL, one leader, one pace. Loaded only where a database address is given.
import { type Clock, createSystemClock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { ChatAddress } from '../model/chat.ts';
import { openPostgres } from '../outbox/databases/postgres/connection.ts';
import type { PeerStatus } from '../outbox/databases/postgres/membership.ts';
import { createPostgresStore } from '../outbox/databases/postgres/store.ts';
import type { OutboxRules } from '../outbox/store.ts';
import type { Cluster } from './cluster.ts';
import { startLeadership } from './leadership.ts';
import { createReplyPacer, createSharedPacer } from './shared-pacer.ts';

export interface SeveralOptions {
  readonly url: string;
  readonly rules: OutboxRules;
  readonly chats: readonly ChatAddress[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this bridge tells the others, beside whether it leads. */
  readonly status: () => Omit<PeerStatus, 'isLeading'>;
}

/** The bridge that answered commands before may be asking Telegram for a while yet. */
const HANDOVER_MS = 30_000;

/** @throws AppError as `openPostgres` does */
export async function openSeveral(options: SeveralOptions): Promise<Cluster> {
  const { url, rules, chats, clock, logger, status } = options;
  const db = await openPostgres(url);
  // Leases and sessions run out by the database's clock: their durations are real time, whatever clock this bridge goes by.
  const realTime = createSystemClock();
  const leadership = startLeadership({ url, clock: realTime, logger });
  const peerStatus = () => ({ ...status(), isLeading: leadership.isLeader() });
  try {
    const store = await createPostgresStore(db, { rules, chats, clock: { ...realTime, now: clock.now }, peerStatus });
    return {
      storeKind: 'postgres',
      db,
      store,
      pacer: createSharedPacer(store, realTime),
      replyPacer: createReplyPacer(store, logger),
      isLeader: leadership.isLeader,
      isAlive: store.isAlive,
      peers: store.peers,
      handoverMs: HANDOVER_MS,
      stop: leadership.stop,
    };
  } catch (error) {
    await leadership.stop();
    await db.close();
    throw error;
  }
}
