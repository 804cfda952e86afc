// A high-priority alert that nobody has seen for five minutes is sent once more, to the chats of the stack. Only while people
// can answer: without commands nobody could say "seen", and every alert would be sent twice.
import type { Clock } from '../../common/clock.ts';
import { escalationNotice } from '../format/escalation.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { ReactionStore } from './store.ts';

export interface EscalationOptions {
  readonly store: Pick<ReactionStore, 'unseen' | 'escalate'>;
  readonly chats: readonly ChatAddress[];
  readonly clock: Clock;
  /** Called for each reminder that was enqueued. */
  readonly onEscalated: () => void;
}

export const ESCALATION_MS = 300_000;
/** After an outage older alerts are history, not a reason to ring. */
const TOO_OLD_MS = 1_800_000;

/** One look; to be called every few seconds. */
export async function escalateUnseen({ store, chats, clock, onEscalated }: EscalationOptions): Promise<void> {
  const now = clock.now();
  for (const alert of await store.unseen(now - TOO_OLD_MS, now - ESCALATION_MS)) {
    if (await store.escalate(alert.id, escalationNotice(alert, now), chats, now)) onEscalated();
  }
}
