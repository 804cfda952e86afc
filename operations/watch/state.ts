// What the watcher must not forget: written before it acts, so that a watcher that was killed goes on where it was and does
// nothing twice. One JSON file, replaced as a whole.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { makeDirectory } from '../../common/make-directory.ts';
import type { Incident } from './ladder.ts';
import { STEPS, TRIGGERS } from './triggers.ts';

const TriggerName = Type.Enum([...TRIGGERS]);

const Schema = Type.Object({
  format: Type.Literal(1),
  incident: Type.Optional(
    Type.Object({
      id: Type.String(),
      trigger: TriggerName,
      what: Type.String(),
      seenAt: Type.Number(),
      lastSeenAt: Type.Number(),
      steps: Type.Array(
        Type.Object({
          step: Type.Enum([...STEPS]),
          begunAt: Type.Number(),
          endedAt: Type.Optional(Type.Number()),
          isFailed: Type.Optional(Type.Boolean()),
          outcome: Type.Optional(Type.String()),
          details: Type.Optional(Type.Array(Type.String())),
        }),
      ),
    }),
  ),
  off: Type.Optional(Type.Object({ since: Type.Number(), toldAt: Type.Number(), why: Type.String() })),
  rolledBackAt: Type.Optional(Type.Number()),
  told: Type.Record(Type.String(), Type.Number()),
  owed: Type.Array(Type.Object({ text: Type.String(), chat: Type.String(), triedAt: Type.Optional(Type.Number()) })),
  silenceId: Type.Optional(Type.String()),
});

export interface OwedMessage {
  readonly text: string;
  /** As configured: `id` or `id/thread`. */
  readonly chat: string;
  /** Stands before a try, so that a repetition after a crash can say that it may be one. */
  readonly triedAt?: number;
}

export interface WatchState {
  readonly format: 1;
  readonly incident?: Incident | undefined;
  /** Since when the stack is off by our doing, and when that was last said. */
  readonly off?: { readonly since: number; readonly toldAt: number; readonly why: string } | undefined;
  readonly rolledBackAt?: number | undefined;
  /** What is not to be told again for a while: when it was told, by subject. */
  readonly told: Readonly<Record<string, number>>;
  readonly owed: readonly OwedMessage[];
  /** In Alertmanager, while low and medium are held back. */
  readonly silenceId?: string | undefined;
}

export const EMPTY_STATE: WatchState = { format: 1, told: {}, owed: [] };

const pathIn = (dataDir: string) => join(dataDir, 'operations', 'rollback-watch.json');

/** A file that is not ours to understand counts as none: its loss can repeat a message, never a roll-back of what is off. */
export function readState(dataDir: string): WatchState {
  try {
    const value: unknown = JSON.parse(readFileSync(pathIn(dataDir), 'utf8'));
    return Check(Schema, value) ? value : EMPTY_STATE;
  } catch {
    return EMPTY_STATE;
  }
}

export function writeState(dataDir: string, state: WatchState): void {
  const path = pathIn(dataDir);
  makeDirectory(dirname(path));
  // It names chats: for the owner alone.
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
