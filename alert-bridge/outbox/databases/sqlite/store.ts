// The outbox on SQLite: one writer, one file, no server.
import type { EpochMs } from '../../../../common/brands.ts';
import type { ChatAddress } from '../../../model/chat.ts';
import { syncChats } from '../../sql/chats.ts';
import { ageWaiting, claimRow, makeDue } from '../../sql/claim.ts';
import type { Database } from '../../sql/database.ts';
import { createAgeing, createSharedParts, prune } from '../../sql/store.ts';
import type { OutboxRules, OutboxStore } from '../../store.ts';
import { pickNext, takeBackAll } from './claim.ts';
import { openConnection } from './connection.ts';

export interface SqliteStoreOptions {
  readonly path: string;
  readonly rules: OutboxRules;
  /** Every chat that the rules can name. */
  readonly chats: readonly ChatAddress[];
  readonly now: EpochMs;
}

const VACUUM_PAGES = 200;

/** @throws AppError as `openConnection` does. */
export async function openSqliteStore({ path, ...options }: SqliteStoreOptions): Promise<OutboxStore> {
  return createSqliteStore(openConnection(path), options);
}

/** On a connection that other stores of the bridge share; closing the store closes it. */
export async function createSqliteStore(
  db: Database,
  { rules, chats, now }: Omit<SqliteStoreOptions, 'path'>,
): Promise<OutboxStore> {
  const startMs = Math.round(now);
  const recovered = await db.commit(async (sql) => {
    await syncChats(sql, chats);
    const lost = await takeBackAll(sql, startMs);
    await makeDue(sql, startMs);
    return lost;
  });
  const age = createAgeing(ageWaiting);
  return {
    ...createSharedParts(db, rules),
    recovered,
    // Nobody else can have claimed anything: the file is ours.
    recover: async () => 0,
    async claim(chatKeys, at, lowestRank) {
      const nowMs = Math.round(at);
      return db.commit(async (sql) => {
        await age(sql, nowMs);
        const row = await pickNext(sql, chatKeys, nowMs, lowestRank);
        return row && (await claimRow(sql, row, nowMs));
      });
    },
    async prune(at) {
      const pruned = await prune(db, rules, at);
      // Outside any transaction: pages go back to the file system a few at a time.
      if (pruned > 0) await db.read((sql) => sql.all(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`));
      return pruned;
    },
    close: () => db.close(),
  };
}
