// What people did about an alert: seen, judged, or neither for too long.
import type { EpochMs } from '../../common/brands.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { StoredAlert } from '../outbox/delivery.ts';

export const VOTES = ['useful', 'useless'] as const;
export type Vote = (typeof VOTES)[number];

export interface Reactions {
  /** Who saw it first; `undefined` while nobody has. */
  readonly seenBy: string | undefined;
  readonly useful: number;
  readonly useless: number;
}

export interface ReactionStore {
  /** The alert behind a button. */
  findAlert(alertId: number): Promise<StoredAlert | undefined>;
  of(alertId: number): Promise<Reactions>;
  /** `true` for the first to see it; a second acknowledgement changes nothing. */
  acknowledge(alertId: number, person: string, now: EpochMs): Promise<boolean>;
  /** A person's last vote counts. Returns the one that it replaces, if any. */
  vote(alertId: number, person: string, vote: Vote, now: EpochMs): Promise<Vote | undefined>;
  /** High-priority alerts that reached a chat between these moments, that nobody has seen and nobody was reminded of. */
  unseen(fromMs: number, toMs: number): Promise<readonly StoredAlert[]>;
  /** Enqueues the reminder, once per alert, in one commit. `false` when it was enqueued before, or somebody has seen it. */
  escalate(alertId: number, notice: string, chats: readonly ChatAddress[], now: EpochMs): Promise<boolean>;
}
