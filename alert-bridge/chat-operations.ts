// The operations behind chat and page, put together over the outbox's database: subscriptions, silences, reactions, track
// record and history; and their periodic work.
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { steadily } from '../common/repeat.ts';
import { type Cluster, uniqueChats } from './cluster/cluster.ts';
import type { BridgeConfig } from './config.ts';
import type { WakeSignal } from './delivery/wake-signal.ts';
import { type Alertmanager, createAlertmanager } from './engines/alertmanager.ts';
import type { PrometheusClient } from './engines/prometheus.ts';
import { createHistory } from './history/sql-history.ts';
import type { HistoryStore } from './history/store.ts';
import type { BridgeMetrics } from './metrics/bridge-metrics.ts';
import { type ChatOperationsMetrics, createChatOperationsMetrics } from './metrics/chat-operations.ts';
import { escalateUnseen } from './reactions/escalation.ts';
import { createReactions } from './reactions/sql-reactions.ts';
import type { ReactionStore } from './reactions/store.ts';
import { createPriceHistory } from './scorecard/prices.ts';
import { type Scorecard, summarise } from './scorecard/scorecard.ts';
import { createTrack } from './scorecard/sql-track.ts';
import { trackPrices } from './scorecard/tracker.ts';
import { createSilenceService, type SilenceService } from './silences/silence-service.ts';
import { createSilences } from './silences/sql-silences.ts';
import { createSubscriptions } from './subscriptions/sql-subscriptions.ts';
import type { SubscriptionStore } from './subscriptions/store.ts';

export interface ChatOperationsParts {
  readonly config: BridgeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cluster: Pick<Cluster, 'db'>;
  readonly prometheus: PrometheusClient;
  readonly metrics: Pick<BridgeMetrics, 'registry'>;
  readonly wakeSignal: WakeSignal;
  /** Whether this bridge answers commands and buttons. */
  readonly isListening: () => boolean;
}

export interface ChatOperations {
  readonly alertmanager: Alertmanager;
  readonly subscriptions: SubscriptionStore;
  readonly silences: SilenceService;
  readonly reactions: ReactionStore;
  readonly history: HistoryStore;
  readonly metrics: ChatOperationsMetrics;
  scorecard(): Promise<Scorecard>;
  /** Work that one bridge does again and again: period and task. */
  readonly periodicWork: readonly (readonly [periodMs: number, work: () => Promise<void>])[];
}

const SILENCE_WATCH_MS = 5_000;
const ESCALATION_CHECK_MS = 5_000;
const PRICE_CHECK_MS = 10_000;
const SCORE_SPAN_MS = 30 * 86_400_000;

export function createChatOperations(parts: ChatOperationsParts): ChatOperations {
  const { config, clock, logger, prometheus, wakeSignal, isListening } = parts;
  const { db } = parts.cluster;
  const subscriptions = createSubscriptions(db, uniqueChats([...config.marketChats, ...config.stackChats]));
  const silenceStore = createSilences(db);
  const reactions = createReactions(db);
  const track = createTrack(db);
  const alertmanager = createAlertmanager(config.alertmanagerUrl);
  const silences = createSilenceService({
    alertmanager,
    store: silenceStore,
    clock,
    noticeChats: config.stackChats.map((chat) => chat.key),
    onNotice: wakeSignal.wakeForNewChats,
  });
  const metrics = createChatOperationsMetrics(parts.metrics.registry, {
    subscribers: async () => (await subscriptions.list()).length,
    silences: async () => (await silenceStore.open()).length,
  });
  const prices = createPriceHistory(prometheus);

  async function escalate(): Promise<void> {
    // Without commands nobody could say that they have seen the alert.
    if (!isListening()) return;
    const onEscalated = () => {
      metrics.escalated();
      wakeSignal.wakeForNewChats();
    };
    await escalateUnseen({ store: reactions, chats: config.stackChats, clock, onEscalated });
  }

  return {
    alertmanager,
    subscriptions,
    silences,
    reactions,
    history: createHistory(db),
    metrics,
    scorecard: async () => summarise(await track.samples(clock.now() - SCORE_SPAN_MS)),
    periodicWork: [
      [SILENCE_WATCH_MS, steadily(logger, 'silences', () => silences.watch())],
      [
        PRICE_CHECK_MS,
        steadily(logger, 'prices', () => trackPrices({ store: track, prices, clock, onMove: metrics.moved })),
      ],
      [ESCALATION_CHECK_MS, escalate],
    ],
  };
}
