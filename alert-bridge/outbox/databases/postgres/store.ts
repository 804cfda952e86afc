// The outbox on PostgreSQL, for several bridges at once: one bridge at a time decides, each delivery is claimed by one of
// them, and together they keep Telegram's limits.
import type { EpochMs } from '../../../../common/brands.ts';
import type { Clock } from '../../../../common/clock.ts';
import { AppError } from '../../../../common/errors.ts';
import type { ChatAddress } from '../../../model/chat.ts';
import type { Settlement } from '../../delivery.ts';
import { readAddress, syncChats } from '../../sql/chats.ts';
import { makeDue } from '../../sql/claim.ts';
import type { Queries } from '../../sql/database.ts';
import { settleDelivery } from '../../sql/settle.ts';
import { createAgeing, createSharedParts, prune } from '../../sql/store.ts';
import type { OutboxRules, OutboxStore } from '../../store.ts';
import { ageWaiting, claimNext, takeBackOrphans } from './claim.ts';
import type { PostgresConnection } from './connection.ts';
import { forgetDead, join, leave, lookAround, NO_PEERS, type PeerStatus, type Peers, renew } from './membership.ts';
import { lockPace, type PaceView, readOpenChats, recordAnswer, recordRefusal, takeSlot } from './pace.ts';

export interface PostgresStoreOptions {
  readonly rules: OutboxRules;
  /** Every chat that the rules can name. */
  readonly chats: readonly ChatAddress[];
  readonly clock: Clock;
  /** How long a bridge that is not heard of counts as alive. */
  readonly leaseMs?: number;
  /** Whether claims keep Telegram's pace. */
  readonly isPaced?: boolean;
  /** What this bridge tells the others. */
  readonly peerStatus?: () => PeerStatus;
}

export interface PostgresStore extends OutboxStore {
  /** The number of this bridge; changes where others have counted it as dead meanwhile. */
  id(): number;
  /** Whether its claims are still its own: others take them over where it has let its lease run out. */
  isAlive(): boolean;
  /** What was seen of the others at the last renewal. */
  peers(): Peers;
  /** Telegram's limits as seen at the last claim. */
  pace(): SeenPace | undefined;
  /** An answer to a command leaves for this chat: it counts against the same limits. */
  takeSlot(chat: ChatAddress): Promise<void>;
}

/** With the moment, by this bridge's monotonic clock, at which it was seen. */
export type SeenPace = PaceView & { readonly seenAtMs: number };

/** Several renewals, and less than a cascade needs to become late. */
const LEASE_MS = 8_000;
const COUNT_PERIOD_MS = 5_000;
const QUIET: PeerStatus = { heardAgoMs: undefined, isListening: false, isLeading: false };

/** @throws AppError OUTBOX_UNAVAILABLE when the database fails meanwhile. Closing the store closes the connection. */
export async function createPostgresStore(
  db: PostgresConnection,
  options: PostgresStoreOptions,
): Promise<PostgresStore> {
  const { rules, chats, clock, leaseMs = LEASE_MS, isPaced = true, peerStatus = () => QUIET } = options;
  const startMs = Math.round(clock.now());
  let id = await db.commit((sql) => join(sql, leaseMs));
  let peers = NO_PEERS;
  let pace: SeenPace | undefined;
  let countedAtMs = clock.monotonicMs();
  // A bridge that was cut off knows nothing of the others: it gives them the time of a lease before it counts one as dead.
  let renewedAtMs = clock.monotonicMs();
  let judgesFromMs = renewedAtMs + leaseMs;
  const age = createAgeing(ageWaiting);

  async function takeBackLost(sql: Queries, nowMs: number): Promise<number> {
    if (clock.monotonicMs() < judgesFromMs) return 0;
    return await takeBackOrphans(sql, nowMs);
  }

  async function renewLease(): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    if (!(await db.commitBeside((sql) => renew(sql, id, leaseMs, peerStatus()))))
      id = await db.commit((sql) => join(sql, leaseMs));
    if (askedAtMs - renewedAtMs > leaseMs) judgesFromMs = askedAtMs + leaseMs;
    renewedAtMs = askedAtMs;
    peers = await db.read((sql) => lookAround(sql, id));
  }

  const recovered = await db.commit(async (sql) => {
    await syncChats(sql, chats);
    const lost = await takeBackLost(sql, startMs);
    peers = await lookAround(sql, id);
    // Only when alone: among others, their clocks put off what waits too, and those were not set.
    if (peers.bridges <= 1) await makeDue(sql, startMs);
    return lost;
  });

  return {
    ...createSharedParts(db, rules),
    recovered,
    id: () => id,
    isAlive: () => clock.monotonicMs() - renewedAtMs < leaseMs,
    peers: () => peers,
    pace: () => pace,
    async recover(at) {
      await renewLease();
      const nowMs = Math.round(at);
      const isCountDue = clock.monotonicMs() - countedAtMs > COUNT_PERIOD_MS;
      if (isCountDue) countedAtMs = clock.monotonicMs();
      return db.commit(async (sql) => {
        if (isCountDue) {
          await addUpCounts(sql);
          await forgetDead(sql);
        }
        return await takeBackLost(sql, nowMs);
      });
    },
    claim: (chatKeys, at, lowestRank) =>
      db.commitBeside(async (sql) => {
        const nowMs = Math.round(at);
        // First of all, so that no two claims wait for each other's rows.
        const overall = await lockPace(sql);
        await age(sql, nowMs);
        if (!isPaced)
          return await claimNext(
            sql,
            chatKeys.map((key) => ({ key, lowest: lowestRank })),
            nowMs,
            id,
          );
        const { open, view } = await readOpenChats(sql, overall, chatKeys, lowestRank);
        pace = { ...view, seenAtMs: clock.monotonicMs() };
        const delivery = await claimNext(sql, open, nowMs, id);
        if (delivery) await takeSlot(sql, overall, delivery.chat);
        return delivery;
      }),
    settle: (deliveryId, settlement, at) =>
      db.commit(async (sql) => {
        const chat = await chatOfClaim(sql, deliveryId, id);
        await recordPace(sql, chat.chatId, settlement, at);
        await settleDelivery(sql, deliveryId, settlement, Math.round(at));
      }),
    takeSlot: (chat) =>
      db.commitBeside(async (sql) => {
        await takeSlot(sql, await lockPace(sql), chat);
      }),
    prune: (at) => prune(db, rules, at),
    async close() {
      await db.commitBeside((sql) => leave(sql, id)).catch(() => {});
      await db.close();
    },
  };
}

/** @throws AppError OUTBOX_CONFLICT when this bridge does not hold the claim: it ended, or another bridge has taken over. */
async function chatOfClaim(sql: Queries, deliveryId: number, holder: number): Promise<ChatAddress> {
  const row = await sql.get(
    `SELECT c.* FROM deliveries d JOIN chats c ON c.key = d.chat WHERE d.id = ? AND d.holder = ? AND d.state = 'claimed'`,
    deliveryId,
    holder,
  );
  if (row) return readAddress(row);
  throw new AppError('OUTBOX_CONFLICT', `delivery ${deliveryId} is not claimed by this bridge: its state is another's`);
}

async function recordPace(sql: Queries, chatId: string, settlement: Settlement, now: EpochMs): Promise<void> {
  if (settlement.type === 'suppressed' || settlement.type === 'expired') return;
  if (settlement.type === 'retry' && settlement.reason === 'rate_limited') {
    await recordRefusal(sql, chatId, Math.max(0, settlement.dueAt - now));
  }
  await recordAnswer(sql, chatId);
}

/** Makes one row of the many changes of each count. */
async function addUpCounts(sql: Queries): Promise<void> {
  await sql.run(
    `WITH gone AS (DELETE FROM state_counts RETURNING state, count)
     INSERT INTO state_counts SELECT state, SUM(count) FROM gone GROUP BY state`,
  );
}
