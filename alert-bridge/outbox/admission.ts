// Whether an alert that just arrived is owed to a chat, and why not: the order of the reasons, in one pure function.
import type { Verdict } from '../model/subscription.ts';
import type { SuppressReason } from './delivery.ts';
import type { Lateness } from './lateness.ts';
import type { QuotaVerdict } from './quota.ts';

export interface AdmissionFacts {
  readonly isEnabled: boolean;
  readonly isChatPaused: boolean;
  readonly subscription: Verdict;
  /** This chat was told the same (symbol, type, tier) within the deduplication window. */
  readonly isDuplicate: boolean;
  /** Something bigger of the same symbol is firing. */
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
  // Held for the morning before any quota: what waits takes no slot.
  if (facts.subscription.type === 'held') return 'quiet_hours';
  return facts.quota === 'admitted' ? undefined : facts.quota;
}

/** Held back, not filtered: the chat still hears of these, in its digest. */
export function belongsInDigest(reason: SuppressReason): boolean {
  return reason === 'quota' || reason === 'rate_limit' || reason === 'late' || reason === 'quiet_hours';
}
