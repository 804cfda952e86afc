// The outbox on a database: the functions of this folder as the methods of `OutboxStore`, each in its transaction. What the
// two databases do differently (finding the next delivery, lost claims) is added in `databases/`.
import { type EpochMs, epochMs } from '../../../common/brands.ts';
import { AppError } from '../../../common/errors.ts';
import { type Alert, describeAlert, PRIORITIES } from '../../model/alert.ts';
import type { SuppressReason } from '../delivery.ts';
import type { AcceptSummary, OutboxRules, OutboxStore } from '../store.ts';
import { acceptAlert } from './accept.ts';
import { pauseChat, readChats } from './chats.ts';
import type { Database, Queries } from './database.ts';
import { enqueueNotice } from './notices.ts';
import { livingAlerts, observeAlert } from './observe.ts';
import { readCounts, readRecent } from './reports.ts';
import { endGroup } from './resolve.ts';
import { pruneStep } from './retention.ts';
import { settleDelivery } from './settle.ts';

/** What each database does in its own way, in `databases/`. */
export type OwnParts = Pick<OutboxStore, 'recovered' | 'recover' | 'claim' | 'prune' | 'close'>;

/** Alerts per transaction: a storm must not hold the event loop for longer than a few milliseconds. */
const ACCEPT_STEP = 50;
const AGEING_PERIOD_MS = 5_000;

/** What both databases do alike. @param db is open and has its tables */
export function createSharedParts(db: Database, rules: OutboxRules): Omit<OutboxStore, keyof OwnParts> {
  return {
    accept: (alerts, present) => acceptInSteps(db, rules, alerts, present),
    notify: (notice, targets, at) =>
      db.commit(async (sql) => {
        for (const { key } of targets) await enqueueNotice(sql, key, notice, Math.round(at));
      }),
    settle: (id, settlement, at) => db.commit((sql) => settleDelivery(sql, id, settlement, Math.round(at))),
    pauseChat: (chatKey, reason, at) => db.commit((sql) => pauseChat(sql, chatKey, reason, Math.round(at))),
    resumeChat: (chatKey) =>
      db.commit(async (sql) => {
        await sql.run('UPDATE chats SET paused_reason = NULL, paused_at = NULL WHERE key = ?', chatKey);
      }),
    moveChat: (chatKey, chatId) =>
      db.commit(async (sql) => {
        await sql.run('UPDATE chats SET chat_id = ? WHERE key = ?', chatId, chatKey);
      }),
    chats: () => db.read(readChats),
    nextDueAt: () =>
      db.read(async (sql) => {
        const due = (await sql.get(`SELECT MIN(due_at) AS at FROM deliveries WHERE state = 'pending'`))?.at;
        return typeof due === 'number' ? epochMs(due) : undefined;
      }),
    living: () => db.read(livingAlerts),
    observe: (alertId, annotations, at) => db.commit((sql) => observeAlert(sql, alertId, annotations, Math.round(at))),
    end: (alertId, endedAt, at) =>
      db.commit((sql) => endGroup(sql, { nowMs: Math.round(at), suppressed: [] }, alertId, endedAt)),
    counts: () => db.read(readCounts),
    recent: (limit) => db.read((sql) => readRecent(sql, limit)),
  };
}

/** Deletes what is past its retention; returns how many deliveries. */
export function prune(db: Database, rules: OutboxRules, at: EpochMs): Promise<number> {
  return db.commit((sql) => pruneStep(sql, Math.round(at) - rules.retentionMs));
}

type AgeWaiting = (sql: Queries, nowMs: number) => Promise<void>;

/** Lets low priority age only now and then, though it is called before every claim. */
export function createAgeing(ageWaiting: AgeWaiting): AgeWaiting {
  let agedAtMs = 0;
  return async (sql, nowMs) => {
    if (Math.abs(nowMs - agedAtMs) < AGEING_PERIOD_MS) return;
    await ageWaiting(sql, nowMs);
    agedAtMs = nowMs;
  };
}

async function acceptInSteps(
  db: Database,
  rules: OutboxRules,
  alerts: readonly Alert[],
  present: { readonly now: EpochMs; readonly wallNow: EpochMs },
): Promise<AcceptSummary> {
  const nowMs = Math.round(present.now);
  const suppressed: SuppressReason[] = [];
  let fresh = 0;
  // High first, so that in one webhook a cascade is known before the single liquidation that it mutes.
  const byPriority = Map.groupBy(alerts, (alert) => describeAlert(alert).priority);
  const ordered = PRIORITIES.flatMap((priority) => byPriority.get(priority) ?? []);
  for (let start = 0; start < ordered.length; start += ACCEPT_STEP) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    const step = ordered.slice(start, start + ACCEPT_STEP);
    fresh += await db.commit(async (sql) => {
      if ((await countWaiting(sql)) >= rules.maxWaiting) {
        throw new AppError('OUTBOX_FULL', `${rules.maxWaiting} messages wait already; send the alerts again later`);
      }
      const context = { rules, present, nowMs, suppressed, notifications: new Map() };
      let news = 0;
      for (const alert of step) if (await acceptAlert(sql, context, alert)) news += 1;
      return news;
    });
  }
  return { fresh, redelivered: alerts.length - fresh, suppressed };
}

async function countWaiting(sql: Queries): Promise<number> {
  const row = await sql.get(`SELECT SUM(count) AS count FROM state_counts WHERE state IN ('pending', 'claimed')`);
  return Number(row?.count ?? 0);
}
