// One or several bridges on one outbox: which of them does what must be done once, and what each knows of the others. A
// bridge with an outbox of its own is a cluster of one.
import type { ChatAddress } from '../model/chat.ts';
import type { Peers } from '../outbox/databases/postgres/membership.ts';
import type { Database } from '../outbox/sql/database.ts';
import type { OutboxStore } from '../outbox/store.ts';
import type { Pacer } from '../telegram/pacing.ts';

export interface Cluster {
  readonly storeKind: 'sqlite' | 'postgres';
  readonly db: Database;
  readonly store: OutboxStore;
  /** For what the outbox sends. */
  readonly pacer: Pacer;
  /** For answers to commands, which count against the same limits. */
  readonly replyPacer: Pick<Pacer, 'started' | 'answered'>;
  /** Whether this bridge does what must be done once. */
  isLeader(): boolean;
  /** Whether what this bridge has claimed is still its own to send. */
  isAlive(): boolean;
  /** The others, as last heard of. */
  peers(): Peers;
  /** How long a conflict over the bot's updates may come from the bridge that answered commands before this one. */
  readonly handoverMs: number;
  /** Gives up leadership; the store is closed by whoever closes it. */
  stop(): Promise<void>;
}

/** Every chat that is named in the configuration, once. */
export function uniqueChats(chats: readonly ChatAddress[]): readonly ChatAddress[] {
  return [...new Map(chats.map((chat) => [chat.key, chat])).values()];
}
