// The bot that listens, put together: what commands and buttons may use, and the session that answers them while this bridge
// leads.
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import type { ChatOperations } from './chat-operations.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { CommandServices } from './commands/command.ts';
import { createLeaderSession, type LeaderSession, type ListeningState } from './commands/leader-session.ts';
import type { MessageButtons } from './commands/message-buttons.ts';
import { type SessionOptions, startSession } from './commands/session.ts';
import { createUpdateHandler } from './commands/update-handler.ts';
import type { BridgeConfig } from './config.ts';
import type { WakeSignal } from './delivery/wake-signal.ts';
import { readFeeds, readWatchedSymbols } from './engines/feeds.ts';
import type { PrometheusClient } from './engines/prometheus.ts';
import { commandsOffNotice } from './format/notice.ts';
import type { Heartbeat } from './liveness/heartbeat.ts';
import type { OutboxStore } from './outbox/store.ts';
import { createBotClient } from './telegram/bot-client.ts';
import type { Incoming } from './telegram/incoming.ts';

export interface CommandSessionParts {
  readonly config: BridgeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cluster: Cluster;
  readonly store: OutboxStore;
  readonly prometheus: PrometheusClient;
  readonly operations: ChatOperations;
  readonly buttons: MessageButtons;
  readonly heartbeat: Heartbeat;
  readonly listening: ListeningState;
  readonly wakeSignal: WakeSignal;
  /** Enqueues a notice of the bridge itself for the chats of the stack. */
  readonly notify: (text: string) => void;
}

/** Never listens where commands are off. */
export function createCommandSession(parts: CommandSessionParts): LeaderSession {
  const { config, clock, logger, cluster, operations, listening } = parts;
  const { reactions, silences, metrics } = operations;
  const isOn = config.commands !== 'off' && config.telegramToken !== undefined;
  const services = createCommandServices(parts);

  function start(onEnded: SessionOptions['onEnded']) {
    const client = createBotClient(config.telegramToken ?? '', config.telegramApiUrl, cluster.replyPacer);
    const handle = createUpdateHandler({
      client,
      services,
      buttons: { clock, reactions, silences, onVote: metrics.voted, onSeen: metrics.seen },
      adminIds: config.adminIds,
      logger,
      buttonsOf: parts.buttons.of,
      username: listening.username,
      onCommand: metrics.commanded,
      onRefused: metrics.refused,
    });
    // What came in while this bridge stood still is answered by the one that leads by now.
    const handleAsLeader = async (incoming: Incoming) => (cluster.isLeader() ? handle(incoming) : undefined);
    return startSession({ client, clock, logger, handle: handleAsLeader, onEnded });
  }

  return createLeaderSession({
    clock,
    listening,
    isLeader: () => isOn && cluster.isLeader(),
    handoverMs: cluster.handoverMs,
    start,
    onEnded(reason) {
      if (reason === 'conflict') metrics.conflicted();
      parts.notify(commandsOffNotice(reason));
    },
  });
}

function createCommandServices(parts: CommandSessionParts): CommandServices {
  const { clock, store, prometheus, operations, heartbeat, wakeSignal } = parts;
  const { subscriptions, silences, history, scorecard, alertmanager } = operations;
  return {
    ...{ clock, subscriptions, silences, history, scorecard },
    firing: () => alertmanager.active(),
    async watchedSymbols() {
      const watched = await readWatchedSymbols(prometheus).catch(() => []);
      return watched.length === 0 ? undefined : watched;
    },
    subscribersChanged: wakeSignal.wakeForNewChats,
    async status() {
      const { byState } = await store.counts();
      return {
        waiting: byState.pending + byState.claimed,
        failed: byState.dead + byState.expired + byState.unknown,
        heartbeatAtMs: heartbeat.lastBeatAt,
        isSilent: heartbeat.isSilent,
        feeds: await readFeeds(prometheus).catch(() => undefined),
      };
    },
  };
}
