// Whether a chat gets a message about an alert that just arrived, and if not, why: the order of the reasons. Pure.
import type { Verdict } from '../model/subscription.ts';
import type { SuppressReason } from './delivery.ts';
import type { Lateness } from './lateness.ts';
import type { QuotaVerdict } from './quota.ts';

export interface AdmissionFacts {
  readonly isEnabled: boolean;
  readonly isChatPaused: boolean;
  readonly subscription: Verdict;
  /** This chat got a message about the same (symbol, type, tier) within the deduplication window. */
  readonly isDuplicate: boolean;
  /** An alert of a higher tier, or a cascade, of the same symbol fires and covers it. */
  readonly isMuted: boolean;
  readonly lateness: Lateness;
  readonly quota: QuotaVerdict;
}

/** `undefined`: admitted. */
export function refusalOf(facts: AdmissionFacts): SuppressReason | undefined {
  if (!facts.isEnabled) return 'disabled';
  if (facts.isChatPaused) return 'chat_paused';
  if (facts.subscription.type === 'filtered') return facts.subscription.reason;
  if (facts.isDuplicate) return 'duplicate';
  if (facts.isMuted) return 'muted';
  if (facts.lateness.type === 'too_late') return 'late';
  // Before any quota, because what waits for the morning takes no slot.
  if (facts.subscription.type === 'held') return 'quiet_hours';
  return facts.quota === 'admitted' ? undefined : facts.quota;
}

/** Held back, not filtered: these are summed up in the chat's digest. */
export function belongsInDigest(reason: SuppressReason): boolean {
  return reason === 'quota' || reason === 'rate_limit' || reason === 'late' || reason === 'quiet_hours';
}
