// The rooms that face people put together: subscriptions, silences, reactions, track record, history, and the bot that
// listens. `bridge.ts` gives it the outbox and tells it when to look.

import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { steadily } from '../common/repeat.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { CommandServices } from './commands/command.ts';
import { createLeaderSession } from './commands/leader-session.ts';
import { type Session, type SessionOptions, startSession } from './commands/session.ts';
import { createUpdateHandler } from './commands/update-handler.ts';
import type { BridgeConfig } from './config.ts';
import { createAlertmanager } from './engines/alertmanager.ts';
import { readFeeds, readWatchedSymbols } from './engines/feeds.ts';
import { createPrometheusClient } from './engines/prometheus.ts';
import { alertButtons, linkButtons, seenButton } from './format/buttons.ts';
import type { Keyboard } from './format/keyboard.ts';
import { alertLinks } from './format/links.ts';
import { commandsOffNotice } from './format/notice.ts';
import { createHistory } from './history/sql-history.ts';
import type { HistoryStore } from './history/store.ts';
import type { Heartbeat } from './liveness/heartbeat.ts';
import type { BridgeMetrics } from './metrics/bridge-metrics.ts';
import { createChatOperationsMetrics } from './metrics/chat-operations.ts';
import { describeScope } from './model/silence-scope.ts';
import type { Delivery, StoredAlert } from './outbox/delivery.ts';
import { escalateUnseen } from './reactions/escalation.ts';
import { createReactions } from './reactions/sql-reactions.ts';
import { createPriceHistory } from './scorecard/prices.ts';
import { type Scorecard, summarise } from './scorecard/scorecard.ts';
import { createTrack } from './scorecard/sql-track.ts';
import { trackPrices } from './scorecard/tracker.ts';
import { createSilenceService, type SilenceService } from './silences/silence-service.ts';
import { createSilences } from './silences/sql-silences.ts';
import { createSubscriptions } from './subscriptions/sql-subscriptions.ts';
import type { SubscriptionStore } from './subscriptions/store.ts';
import { createBotClient } from './telegram/bot-client.ts';
import type { Incoming } from './telegram/incoming.ts';

export interface ChatOperationsParts {
  readonly cluster: Cluster;
  readonly config: BridgeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: BridgeMetrics;
  readonly heartbeat: Heartbeat;
  /** Owes the bridge's own word to the chats of the stack. */
  readonly tell: (text: string) => void;
  /** Something new is owed, perhaps to somebody new. */
  readonly wake: () => void;
}

export interface ChatOperations {
  readonly subscriptions: SubscriptionStore;
  readonly silences: SilenceService;
  readonly history: HistoryStore;
  scorecard(): Promise<Scorecard>;
  /** The buttons of a message about to be sent; `undefined` for none. */
  buttonsFor(delivery: Delivery): Promise<Keyboard | undefined>;
  /** Work to be done again and again: period and task. */
  readonly chores: readonly (readonly [periodMs: number, work: () => Promise<void>])[];
  /** Whether this bridge answers commands and buttons. */
  isListening(): boolean;
  /** Whether any bridge does. */
  isHeard(): boolean;
  /** Begins or ends answering, as this bridge is to; to be called every second or so. */
  checkListening(): Promise<void>;
  stop(): Promise<void>;
}

const SILENCE_WATCH_MS = 5_000;
const ESCALATION_CHECK_MS = 5_000;
const PRICE_CHECK_MS = 10_000;
const SCORE_SPAN_MS = 30 * 86_400_000;

export function createChatOperations(parts: ChatOperationsParts): ChatOperations {
  const { cluster, config, clock, logger, heartbeat } = parts;
  const { db } = cluster;
  const configured = [
    ...new Map([...config.marketChats, ...config.stackChats].map((chat) => [chat.key, chat])).values(),
  ];
  const prometheus = createPrometheusClient(config.prometheusUrl);
  const alertmanager = createAlertmanager(config.alertmanagerUrl);
  const prices = createPriceHistory(prometheus);
  const subscriptions = createSubscriptions(db, configured);
  const kept = createSilences(db);
  const reactions = createReactions(db);
  const track = createTrack(db);
  const history = createHistory(db);
  const noticeChats = config.stackChats.map((chat) => chat.key);
  const silences = createSilenceService({ alertmanager, store: kept, clock, noticeChats, onNotice: parts.wake });
  const metrics = createChatOperationsMetrics(parts.metrics.registry, {
    subscribers: async () => (await subscriptions.list()).length,
    silences: async () => (await kept.open()).length,
  });
  const scorecard = async () => summarise(await track.samples(clock.now() - SCORE_SPAN_MS));
  const session = createLeaderSession({
    ...{ clock, isLeader: cluster.isLeader, handoverMs: cluster.handoverMs },
    start: startListening,
    onEnded(reason) {
      if (reason === 'conflict') metrics.conflicted();
      parts.tell(commandsOffNotice(reason));
    },
  });
  /** Whether a pressed button would be heard, by whichever bridge. */
  const isHeard = () => session.isListening() || cluster.peers().isListening;

  /** Buttons that come back are shown only while somebody listens; links wherever they are public. */
  async function buttonsOf(alert: StoredAlert): Promise<Keyboard> {
    const links = linkButtons(alertLinks(alert, config.publicUrls));
    if (!isHeard()) return links;
    const silence = await silences.covering(alert.labels);
    const { seenBy } = await reactions.of(alert.id);
    const facts = {
      isOver: alert.status === 'resolved',
      silence: silence && { id: silence.id, title: describeScope(silence.scope) },
      isSeen: seenBy !== undefined,
    };
    return [...alertButtons(alert, facts), ...links];
  }

  const desk: CommandServices = {
    clock,
    subscriptions,
    silences,
    history,
    scorecard,
    firing: () => alertmanager.active(),
    async watchedSymbols() {
      const watched = await readWatchedSymbols(prometheus).catch(() => []);
      return watched.length === 0 ? undefined : watched;
    },
    subscribersChanged: parts.wake,
    async status() {
      const { byState } = await cluster.store.counts();
      return {
        waiting: byState.pending + byState.claimed,
        failed: byState.dead + byState.expired + byState.unknown,
        heartbeatAtMs: heartbeat.lastBeatAt,
        isSilent: heartbeat.isSilent,
        feeds: await readFeeds(prometheus).catch(() => undefined),
      };
    },
  };

  return {
    subscriptions,
    silences,
    history,
    scorecard,
    async buttonsFor({ subject, phase }) {
      if (subject.type === 'notice' && subject.alertId !== undefined) {
        return isHeard() ? seenButton(subject.alertId) : undefined;
      }
      if (subject.type !== 'alert') return undefined;
      const alert: StoredAlert = phase === 'resolved' ? { ...subject.alert, status: 'resolved' } : subject.alert;
      const keyboard = await buttonsOf(alert);
      return keyboard.length === 0 ? undefined : keyboard;
    },
    chores: [
      [SILENCE_WATCH_MS, steadily(logger, 'silences', () => silences.watch())],
      [
        PRICE_CHECK_MS,
        steadily(logger, 'prices', () => trackPrices({ store: track, prices, clock, onMove: metrics.moved })),
      ],
      [
        ESCALATION_CHECK_MS,
        async () => {
          if (!session.isListening()) return;
          const onEscalated = () => {
            metrics.escalated();
            parts.wake();
          };
          await escalateUnseen({ store: reactions, chats: config.stackChats, clock, onEscalated });
        },
      ],
    ],
    isListening: session.isListening,
    isHeard,
    async checkListening() {
      if (config.commands !== 'off' && config.telegramToken !== undefined) await session.check();
    },
    stop: session.stop,
  };

  function startListening(onEnded: SessionOptions['onEnded']): Session {
    const client = createBotClient(config.telegramToken ?? '', config.telegramApiUrl, cluster.replyPacer);
    const handle = createUpdateHandler({
      client,
      services: desk,
      buttons: { clock, reactions, silences, onVote: metrics.voted, onSeen: metrics.seen },
      adminIds: config.adminIds,
      logger,
      buttonsOf,
      username: session.username,
      onCommand: metrics.commanded,
      onRefused: metrics.refused,
    });
    // What came in while this bridge stood still is answered by the one that leads by now.
    const handleAsLeader = async (incoming: Incoming) => (cluster.isLeader() ? handle(incoming) : undefined);
    return startSession({ client, clock, logger, handle: handleAsLeader, onEnded });
  }
}
