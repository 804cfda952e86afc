// The outbox on SQLite: one writer, one file, no server.
import type { EpochMs } from '../../../../common/brands.ts';
import type { ChatAddress } from '../../../model/chat.ts';
import { syncChats } from '../../sql/chats.ts';
import { ageWaiting, claimRow, makeDue } from '../../sql/claim.ts';
import { createAgeing, createSharedParts, prune } from '../../sql/store.ts';
import type { OutboxRules, OutboxStore } from '../../store.ts';
import { pickNext, takeBackAll } from './claim.ts';
import { type Connection, openConnection } from './connection.ts';

export interface SqliteStoreOptions {
  readonly path: string;
  readonly rules: OutboxRules;
  /** Every chat that the rules can name. */
  readonly chats: readonly ChatAddress[];
  readonly now: EpochMs;
}

const VACUUM_PAGES = 200;

/** @throws AppError as `openConnection` does. */
export function openSqliteStore({ path, ...options }: SqliteStoreOptions): OutboxStore {
  return createSqliteStore(openConnection(path), options);
}

/** On a connection that other stores of the bridge share; closing the store closes it. */
export function createSqliteStore(
  db: Connection,
  { rules, chats, now }: Omit<SqliteStoreOptions, 'path'>,
): OutboxStore {
  const startMs = Math.round(now);
  const recovered = db.commitNow(function* () {
    yield* syncChats(chats);
    const lost = yield* takeBackAll(startMs);
    yield* makeDue(startMs);
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
      return db.commit(function* () {
        yield* age(nowMs);
        const row = yield* pickNext(chatKeys, nowMs, lowestRank);
        return row && (yield* claimRow(row, nowMs));
      });
    },
    async prune(at) {
      const pruned = await prune(db, rules, at);
      // Outside any transaction: pages go back to the file system a few at a time.
      if (pruned > 0) db.all(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
      return pruned;
    },
    close: () => db.close(),
  };
}
