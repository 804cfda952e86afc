// Deliveries: the rows of the outbox as the rest of the bridge sees them.
import type { EpochMs } from '../../common/brands.ts';
import type { Alert, AlertFacts, Priority, Texts } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { FailureReason } from './outcome.ts';

/**
 * `firing` and `resolved` are the beginning and end of an alert; `update` edits a living message; `digest` sums up what was held
 * back and `digest_update` edits it; `notice` is the bridge's own message.
 */
export const PHASES = ['firing', 'update', 'resolved', 'digest', 'digest_update', 'notice'] as const;
export type Phase = (typeof PHASES)[number];

export const STATES = ['pending', 'claimed', 'delivered', 'suppressed', 'expired', 'dead', 'unknown'] as const;
export type State = (typeof STATES)[number];

/** Why a delivery was not sent though nothing failed: closed, because it is a metric label. */
export const SUPPRESS_REASONS = [
  'duplicate',
  'quota',
  'rate_limit',
  'late',
  'muted',
  'disabled',
  'chat_paused',
  'resolved_first',
  'not_told',
  'still_firing',
  'superseded',
  'edit_off',
  'edit_refused',
  'quiet_hours',
  'not_subscribed',
  'paused',
] as const;
export type SuppressReason = (typeof SUPPRESS_REASONS)[number];

/** An alert as it stands now, its figures refreshed while it lives. */
export interface StoredAlert extends Omit<Alert, 'receiver' | 'notificationReason'> {
  readonly id: number;
  readonly facts: AlertFacts;
  /** The annotations when its figures were largest. */
  readonly peak: Texts;
}

/** The message that an edit or a reply refers to. */
export interface TargetMessage {
  readonly messageId: number | undefined;
  /** When the chat got it; `undefined` if it never did. */
  readonly notifiedAt: EpochMs | undefined;
  /** It never left: this delivery is sent instead. */
  readonly isReplaced: boolean;
}

export interface DigestContent {
  readonly since: EpochMs;
  readonly total: number;
  /** Held-back alerts by symbol, most first; alerts without a symbol count under their name. */
  readonly bySubject: readonly (readonly [subject: string, count: number])[];
  readonly byReason: readonly (readonly [reason: string, count: number])[];
  readonly largest: { readonly subject: string; readonly name: string; readonly notionalUsd: number } | undefined;
  /** Messages of which Telegram never said whether they arrived. */
  readonly unconfirmed: number;
}

export type Subject =
  | { readonly type: 'alert'; readonly alert: StoredAlert }
  | { readonly type: 'digest'; readonly digest: DigestContent }
  | { readonly type: 'notice'; readonly text: string; readonly alertId?: number | undefined };

/** One claimed piece of work. */
export interface Delivery {
  readonly id: number;
  readonly chat: ChatAddress;
  readonly phase: Phase;
  readonly priority: Priority;
  readonly attempts: number;
  /** A crash lost the answer to an earlier attempt: the chat may have it already. */
  readonly isResend: boolean;
  /** Arrives without sound, in the subscriber's quiet hours; absent means with sound. */
  readonly isSilent?: boolean;
  /** The chat had a message about this alert before, and it still fires; absent means that this is the first. */
  readonly isRepeat?: boolean;
  readonly acceptedAt: EpochMs;
  readonly target: TargetMessage | undefined;
  readonly subject: Subject;
}

/** How a claim ends; every type but `retry` is final. */
export type Settlement =
  | { readonly type: 'delivered'; readonly messageId: number; readonly text: string }
  | { readonly type: 'suppressed'; readonly reason: SuppressReason }
  /** Too old through our own or Telegram's delay; the chat's digest names it. */
  | { readonly type: 'expired' }
  | { readonly type: 'dead'; readonly reason: FailureReason }
  | { readonly type: 'unknown'; readonly reason: FailureReason; readonly text: string }
  | { readonly type: 'retry'; readonly dueAt: EpochMs; readonly isAttempt: boolean; readonly reason: FailureReason };

/** One line of the page: an alert, digest or notice as one chat got it. */
export interface DeliveryRecord {
  readonly id: number;
  readonly chat: string;
  readonly phase: Phase;
  readonly state: State;
  readonly reason: string | undefined;
  readonly priority: Priority;
  readonly alertname: string | undefined;
  readonly symbol: string | undefined;
  readonly text: string | undefined;
  readonly acceptedAt: EpochMs;
  readonly finishedAt: EpochMs | undefined;
}
