// The cluster of one: a bridge with a file of its own.
import { join } from 'node:path';
import type { Clock } from '../../common/clock.ts';
import type { ChatAddress } from '../model/chat.ts';
import { NO_PEERS } from '../outbox/databases/postgres/membership.ts';
import { openConnection } from '../outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../outbox/databases/sqlite/store.ts';
import type { OutboxRules } from '../outbox/store.ts';
import { createPacer } from '../telegram/pacing.ts';
import type { Cluster } from './cluster.ts';

export interface AloneOptions {
  readonly dataDir: string;
  readonly rules: OutboxRules;
  readonly chats: readonly ChatAddress[];
  readonly clock: Clock;
}

/** @throws AppError as `openConnection` does */
export async function openAlone({ dataDir, rules, chats, clock }: AloneOptions): Promise<Cluster> {
  const db = openConnection(join(dataDir, 'bridge', 'outbox.sqlite'));
  const pacer = createPacer(clock);
  return {
    storeKind: 'sqlite',
    db,
    store: await createSqliteStore(db, { rules, chats, now: clock.now() }),
    pacer,
    replyPacer: pacer,
    isLeader: () => true,
    isAlive: () => true,
    peers: () => ({ ...NO_PEERS, bridges: 1 }),
    handoverMs: 0,
    stop: async () => {},
  };
}
