// The outbox: every message is stored before anybody promises it, and leaves from here. One interface, two databases:
// SQLite for one bridge, PostgreSQL for several. Both pass `tests/alert-bridge/outbox/databases/store-contract.ts`.
//
// Where to look:
//   an alert arrives         `group-commit.ts` → `sql/accept.ts` (new, repeated or ended?) → `sql/enqueue-firing.ts` (for
//                            each chat), which asks `admission.ts`: disabled, paused, filtered, duplicate, muted, late?
//   the quota of 10 an hour  `quota.ts`, asked by `sql/enqueue-firing.ts`; what it refuses goes into `sql/digest.ts`
//   an alert grows, or ends  `sql/observe.ts`, `sql/resolve.ts`; one message for several alerts: `sql/join-message.ts`
//   the next message         `databases/*/claim.ts` finds it in the order of `priority.ts`, `sql/claim.ts` claims it
//   what became of it        `retry-policy.ts` decides from the `outcome.ts` of an attempt, `sql/settle.ts` writes it
//   a query                  `sql/database.ts` says how to add one; the tables are in `databases/*/migrations/`
import type { EpochMs } from '../../common/brands.ts';
import type { Alert, AlertCategory, AlertKind, Texts } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Delivery, DeliveryRecord, Settlement, State, StoredAlert, SuppressReason } from './delivery.ts';
import type { Present } from './lateness.ts';
import type { Rank } from './priority.ts';
import type { QuotaLimits } from './quota.ts';

/** What the outbox decides by when it accepts an alert. */
export interface OutboxRules {
  readonly chatsFor: (category: AlertCategory) => readonly ChatAddress[];
  readonly isEnabled: (kind: AlertKind) => boolean;
  readonly dedupMs: number;
  readonly quota: QuotaLimits;
  /** Most deliveries waiting at a time; beyond it nothing more is accepted. */
  readonly maxWaiting: number;
  /** How long finished deliveries are kept. */
  readonly retentionMs: number;
}

export interface AcceptSummary {
  /** Alerts that were new, or newly resolved. */
  readonly fresh: number;
  /** The same alerts once more: a repeated webhook or a second Alertmanager. */
  readonly redelivered: number;
  readonly suppressed: readonly SuppressReason[];
}

export interface OutboxCounts {
  readonly byState: Readonly<Record<State, number>>;
  readonly oldestWaitingAt: EpochMs | undefined;
}

export interface ChatStatus {
  readonly address: ChatAddress;
  readonly pausedReason: string | undefined;
}

export interface OutboxStore {
  /**
   * Stores the deliveries that these alerts need; resolves after the durable commit.
   * @throws AppError OUTBOX_FULL when too much waits, OUTBOX_UNAVAILABLE when the database cannot commit.
   */
  accept(alerts: readonly Alert[], present: Present): Promise<AcceptSummary>;
  /** Enqueues the bridge's own message to chats: no quota, no deduplication. Resolves after the commit. */
  notify(text: string, chats: readonly ChatAddress[], now: EpochMs): Promise<void>;
  /**
   * Claims the most urgent due delivery among these chats, no less urgent than `lowestRank`. The claim holds until it is
   * settled, or until this process ends.
   */
  claim(chatKeys: readonly string[], now: EpochMs, lowestRank: Rank): Promise<Delivery | undefined>;
  /**
   * Ends a claim. What may not have reached its chat is put into that chat's digest.
   * @throws AppError OUTBOX_CONFLICT when the delivery is not claimed: its state is already final.
   */
  settle(id: number, settlement: Settlement, now: EpochMs): Promise<void>;
  /** Enqueues nothing more for a chat that refuses the bot, and ends what waits; `resumeChat` undoes it. */
  pauseChat(chatKey: string, reason: string, now: EpochMs): Promise<void>;
  resumeChat(chatKey: string): Promise<void>;
  /** Telegram gave the group a new id; the key stays. */
  moveChat(chatKey: string, chatId: string): Promise<void>;
  chats(): Promise<readonly ChatStatus[]>;
  /** When the next waiting delivery is due, if any waits. */
  nextDueAt(): Promise<EpochMs | undefined>;
  /** Market alerts that fire now and that a chat has a message about. */
  living(): Promise<readonly StoredAlert[]>;
  /** Takes in fresher figures of an alert that fires, and enqueues edits where they grew. `true` when they did. */
  observe(alertId: number, annotations: Texts, now: EpochMs): Promise<boolean>;
  /** Ends an alert whose end Alertmanager never sent (it drops the ends of alerts that are inhibited at the time). */
  end(alertId: number, endedAt: EpochMs, now: EpochMs): Promise<void>;
  counts(): Promise<OutboxCounts>;
  /** The newest deliveries first. */
  recent(limit: number): Promise<readonly DeliveryRecord[]>;
  /** Deletes finished deliveries past their retention, a few at a time; returns how many. */
  prune(now: EpochMs): Promise<number>;
  /** Deliveries that an earlier process left claimed when it crashed; they are sent again, and marked. */
  readonly recovered: number;
  /** Takes back the claims of other bridges that have died since; to be called every second or so. Returns how many. */
  recover(now: EpochMs): Promise<number>;
  close(): Promise<void>;
}
