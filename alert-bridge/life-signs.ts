// What tells that alerts can arrive at all, put together: heartbeat, canary, and the notices where the heartbeat stays away.
import type { EpochMs } from '../common/brands.ts';
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import type { Cluster } from './cluster/cluster.ts';
import { createLeaderNotices } from './cluster/leader-notices.ts';
import type { BridgeConfig } from './config.ts';
import type { WakeSignal } from './delivery/wake-signal.ts';
import { backNotice, silentNotice } from './format/notice.ts';
import { createCanary } from './liveness/canary.ts';
import { createDeadManSwitch } from './liveness/dead-man-switch.ts';
import { createHeartbeat, type Heartbeat } from './liveness/heartbeat.ts';
import type { BridgeMetrics } from './metrics/bridge-metrics.ts';
import type { OutboxStore } from './outbox/store.ts';

export interface LifeSignParts {
  readonly config: BridgeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Pick<OutboxStore, 'notify'>;
  readonly cluster: Cluster;
  readonly metrics: BridgeMetrics;
  readonly wakeSignal: Pick<WakeSignal, 'wake'>;
  readonly signal: AbortSignal;
}

export interface LifeSigns {
  readonly heartbeat: Heartbeat;
  /** A heartbeat arrived, here or at another bridge. */
  beat(): void;
  canary(startsAt: EpochMs): void;
  /** Enqueues a notice of the bridges themselves for the chats of the stack: the leader's alone. */
  notify(text: string): void;
}

export function createLifeSigns(parts: LifeSignParts): LifeSigns {
  const { config, clock, logger, store, cluster, metrics, wakeSignal, signal } = parts;
  const say = (text: string) => {
    store
      .notify(text, config.stackChats, clock.now())
      .then(() => wakeSignal.wake())
      .catch((error: unknown) => logger.error({ err: error }, 'notice could not be stored'));
  };
  const notify = createLeaderNotices({ cluster, clock, signal, say });
  const heartbeat = createHeartbeat({
    clock,
    onSilent: (since) => notify(silentNotice(since, clock.now())),
    onBack: (silentMs) => notify(backNotice(silentMs)),
  });
  const outside = createDeadManSwitch({ url: config.watchdogUrl, environment: config.environment, clock, logger });
  const readPresent = () => ({ now: clock.now(), wallNow: clock.wallNow() });
  return {
    heartbeat,
    notify,
    beat() {
      heartbeat.beat();
      outside.beat();
      metrics.heartbeat(clock.now() / 1_000);
    },
    canary: createCanary({ readPresent, onArrived: metrics.latency.canary }),
  };
}
