// What the bridge remembers of silences made through it: which chat is notified of their end, and what they hid.
import type { EpochMs } from '../../common/brands.ts';
import type { Scope } from '../model/silence-scope.ts';

export interface KeptSilence {
  /** Short enough for a button. */
  readonly id: number;
  readonly alertmanagerId: string;
  readonly scope: Scope;
  readonly createdBy: string;
  readonly comment: string;
  /** Key of the chat that is notified of the end; `undefined` for one from the page or the API. */
  readonly chat: string | undefined;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

export interface HiddenAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly name: string;
}

export interface SilenceStore {
  add(silence: Omit<KeptSilence, 'id'>): Promise<KeptSilence>;
  /** Silences that have not been ended here yet. */
  open(): Promise<readonly KeptSilence[]>;
  find(id: number): Promise<KeptSilence | undefined>;
  hid(id: number, alerts: readonly HiddenAlert[]): Promise<void>;
  /** Names of what it hid, with their counts, most first. */
  hidden(id: number): Promise<readonly (readonly [name: string, count: number])[]>;
  /** Ends it and, in the same commit, enqueues `notice` for these chats. `false` when it had ended before. */
  end(
    id: number,
    notice: { readonly text: string; readonly chats: readonly string[] } | undefined,
    now: EpochMs,
  ): Promise<boolean>;
}
