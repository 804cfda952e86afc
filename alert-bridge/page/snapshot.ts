// What the page and `/dashboard.json` show, gathered once for both.
import type { Heartbeat } from '../liveness/heartbeat.ts';
import type { State } from '../outbox/delivery.ts';
import type { OutboxStore } from '../outbox/store.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { SilenceService } from '../silences/silence-service.ts';
import { describeSubscription } from '../subscriptions/describe.ts';
import type { SubscriptionStore } from '../subscriptions/store.ts';

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
  readonly commands: 'off' | 'polling';
  readonly limits: { readonly marketPerHour: number; readonly waitingAtMost: number };
  readonly subscribers: readonly { readonly chat: string; readonly wants: readonly string[] }[];
  /** `undefined`: Alertmanager does not answer. */
  readonly silences: readonly SnapshotSilence[] | undefined;
  readonly scorecard: Scorecard;
  /** The table of thresholds was edited and is not in force; `undefined`: Prometheus does not answer. */
  readonly isTableStale: boolean | undefined;
  readonly deliveries: readonly ShownDelivery[];
}

export interface SnapshotSilence {
  readonly id: string;
  readonly matchers: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly until: string;
}

export interface SnapshotSource {
  readonly store: OutboxStore;
  readonly heartbeat: Heartbeat;
  readonly destination: Snapshot['destination'];
  readonly commands: Snapshot['commands'];
  readonly limits: Snapshot['limits'];
  readonly subscriptions: SubscriptionStore;
  readonly silences: SilenceService;
  readonly scorecard: () => Promise<Scorecard>;
  readonly isTableStale: () => Promise<boolean>;
  readonly nowMs: () => number;
}

const SHOWN = 100;

export async function readSnapshot(source: SnapshotSource): Promise<Snapshot> {
  const { store, heartbeat, destination, commands, limits, nowMs } = source;
  const [counts, chats, recent, subscribers, silences, scorecard, isTableStale] = await Promise.all([
    store.counts(),
    store.chats(),
    store.recent(SHOWN),
    source.subscriptions.list(),
    source.silences.list().catch(() => undefined),
    source.scorecard(),
    source.isTableStale().catch(() => undefined),
  ]);
  return {
    generatedAt: iso(nowMs()),
    destination,
    outbox: counts.byState,
    oldestWaitingAt: optionalIso(counts.oldestWaitingAt),
    chats: chats.map(({ address, pausedReason }) => ({ key: address.key, pausedReason })),
    heartbeat: { lastAt: optionalIso(heartbeat.lastBeatAt), isSilent: heartbeat.isSilent },
    commands,
    limits,
    subscribers: subscribers.map(({ chat, subscription }) => ({
      chat: chat.key,
      wants: describeSubscription(subscription),
    })),
    silences: silences?.map(({ id, matchers, createdBy, comment, endsAtMs }) => ({
      ...{ id, matchers, createdBy, comment },
      until: iso(endsAtMs),
    })),
    scorecard,
    isTableStale,
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
