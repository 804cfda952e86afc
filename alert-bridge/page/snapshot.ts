// What the page and `/dashboard.json` show, gathered once for both.
import type { Heartbeat } from '../heartbeat.ts';
import type { State } from '../outbox/delivery.ts';
import type { OutboxStore } from '../outbox/store.ts';

export interface ShownDelivery {
  readonly id: number;
  readonly chat: string;
  readonly phase: string;
  readonly state: State;
  readonly reason: string | undefined;
  readonly priority: string;
  readonly alertname: string | undefined;
  readonly symbol: string | undefined;
  readonly text: string | undefined;
  readonly acceptedAt: string;
  readonly finishedAt: string | undefined;
}

export interface Snapshot {
  readonly generatedAt: string;
  readonly destination: 'telegram' | 'terminal';
  readonly outbox: Readonly<Record<State, number>>;
  readonly oldestWaitingAt: string | undefined;
  readonly chats: readonly { readonly key: string; readonly pausedReason: string | undefined }[];
  readonly heartbeat: { readonly lastAt: string | undefined; readonly isSilent: boolean };
  readonly deliveries: readonly ShownDelivery[];
}

export interface SnapshotSource {
  readonly store: OutboxStore;
  readonly heartbeat: Heartbeat;
  readonly destination: Snapshot['destination'];
  readonly nowMs: () => number;
}

const SHOWN = 100;

export async function readSnapshot({ store, heartbeat, destination, nowMs }: SnapshotSource): Promise<Snapshot> {
  const [counts, chats, recent] = await Promise.all([store.counts(), store.chats(), store.recent(SHOWN)]);
  return {
    generatedAt: iso(nowMs()),
    destination,
    outbox: counts.byState,
    oldestWaitingAt: optionalIso(counts.oldestWaitingAt),
    chats: chats.map(({ address, pausedReason }) => ({ key: address.key, pausedReason })),
    heartbeat: { lastAt: optionalIso(heartbeat.lastBeatAt), isSilent: heartbeat.isSilent },
    deliveries: recent.map((record) => ({
      ...record,
      acceptedAt: iso(record.acceptedAt),
      finishedAt: optionalIso(record.finishedAt),
    })),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function optionalIso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : iso(ms);
}
