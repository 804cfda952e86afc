// The outbox on SQLite: joins the parts of this folder behind the one interface. One writer, one file, no server.
import { type EpochMs, epochMs } from '../../../common/brands.ts';
import { AppError } from '../../../common/errors.ts';
import { type Alert, describeAlert, PRIORITIES } from '../../alert.ts';
import type { ChatAddress } from '../../chat.ts';
import type { SuppressReason } from '../delivery.ts';
import type { AcceptSummary, OutboxRules, OutboxStore } from '../store.ts';
import { acceptAlert } from './accept.ts';
import { pauseChat, readChats, syncChats } from './chats.ts';
import { ageWaiting, claimNext, recoverClaims } from './claim.ts';
import { commit } from './commit.ts';
import { type Connection, openConnection } from './connection.ts';
import { oweNotice } from './notices.ts';
import { livingAlerts, observeAlert } from './observe.ts';
import { readCounts, readRecent } from './reports.ts';
import { endGroup } from './resolve.ts';
import { giveBackPages, pruneStep } from './retention.ts';
import { settleDelivery } from './settle.ts';

export interface SqliteStoreOptions {
  readonly path: string;
  readonly rules: OutboxRules;
  /** Every chat that the rules can name. */
  readonly chats: readonly ChatAddress[];
  readonly now: EpochMs;
}

/** Alerts per transaction: a storm must not hold the event loop for longer than a few milliseconds. */
const ACCEPT_STEP = 50;
const AGEING_PERIOD_MS = 5_000;

/** @throws AppError as `openConnection` does. */
export function openSqliteStore({ path, ...options }: SqliteStoreOptions): OutboxStore {
  return createSqliteStore(openConnection(path), options);
}

/** On a connection that other stores of the bridge share; closing the store closes it. */
export function createSqliteStore(
  db: Connection,
  { rules, chats, now }: Omit<SqliteStoreOptions, 'path'>,
): OutboxStore {
  const recovered = db.transaction(() => {
    syncChats(db, chats);
    return recoverClaims(db, Math.round(now));
  });
  let agedAtMs = 0;
  return {
    recovered,
    accept: async (alerts, present) => acceptInSteps(db, rules, alerts, present),
    async notify(notice, targets, at) {
      commit(db, () => {
        for (const { key } of targets) oweNotice(db, key, notice, Math.round(at));
      });
    },
    async claim(chatKeys, at, lowestRank) {
      const nowMs = Math.round(at);
      return commit(db, () => {
        if (Math.abs(nowMs - agedAtMs) >= AGEING_PERIOD_MS) {
          ageWaiting(db, nowMs);
          agedAtMs = nowMs;
        }
        return claimNext(db, chatKeys, nowMs, lowestRank);
      });
    },
    settle: async (id, settlement, at) => commit(db, () => settleDelivery(db, id, settlement, Math.round(at))),
    pauseChat: async (chatKey, reason, at) => commit(db, () => pauseChat(db, chatKey, reason, Math.round(at))),
    async resumeChat(chatKey) {
      commit(db, () => db.run('UPDATE chats SET paused_reason = NULL, paused_at = NULL WHERE key = ?', chatKey));
    },
    async moveChat(chatKey, chatId) {
      commit(db, () => db.run('UPDATE chats SET chat_id = ? WHERE key = ?', chatId, chatKey));
    },
    chats: async () => readChats(db),
    async nextDueAt() {
      const due = db.get(`SELECT MIN(due_at) AS at FROM deliveries WHERE state = 'pending'`)?.at;
      return typeof due === 'number' ? epochMs(due) : undefined;
    },
    living: async () => livingAlerts(db),
    observe: async (alertId, annotations, at) =>
      commit(db, () => observeAlert(db, alertId, annotations, Math.round(at))),
    async end(alertId, endedAt, at) {
      commit(db, () => endGroup({ db, nowMs: Math.round(at), suppressed: [] }, alertId, endedAt));
    },
    counts: async () => readCounts(db),
    recent: async (limit) => readRecent(db, limit),
    async prune(at) {
      const pruned = commit(db, () => pruneStep(db, Math.round(at) - rules.retentionMs));
      if (pruned > 0) giveBackPages(db);
      return pruned;
    },
    close: async () => db.close(),
  };
}

async function acceptInSteps(
  db: Connection,
  rules: OutboxRules,
  alerts: readonly Alert[],
  present: { readonly now: EpochMs; readonly wallNow: EpochMs },
): Promise<AcceptSummary> {
  const nowMs = Math.round(present.now);
  const suppressed: SuppressReason[] = [];
  let fresh = 0;
  // High first, so that in one webhook a cascade is known before the single liquidation that it mutes.
  const ordered = alerts.toSorted((a, b) => urgency(a) - urgency(b));
  for (let start = 0; start < ordered.length; start += ACCEPT_STEP) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    const step = ordered.slice(start, start + ACCEPT_STEP);
    fresh += commit(db, () => {
      if (countWaiting(db) >= rules.maxWaiting) {
        throw new AppError('OUTBOX_FULL', `${rules.maxWaiting} messages wait already; send the alerts again later`);
      }
      return step.filter((alert) => acceptAlert({ db, rules, present, nowMs, suppressed }, alert)).length;
    });
  }
  return { fresh, redelivered: alerts.length - fresh, suppressed };
}

function urgency(alert: Alert): number {
  return PRIORITIES.indexOf(describeAlert(alert).priority);
}

function countWaiting(db: Connection): number {
  return Number(
    db.get(`SELECT SUM(count) AS count FROM state_counts WHERE state IN ('pending', 'claimed')`)?.count ?? 0,
  );
}
