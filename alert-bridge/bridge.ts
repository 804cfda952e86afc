// The bridge put together in the order of an alert's way: webhook → outbox → delivery → Telegram; then what people see and do.
// Everything it needs comes in, so that tests can put in their own; `main.ts` gives it to a process.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../common/clock.ts';
import { createHttpServer } from '../common/http-server.ts';
import type { Logger } from '../common/logger.ts';
import { repeat, steadily } from '../common/repeat.ts';
import { createChatOperations } from './chat-operations.ts';
import { sendOnlyWhileAlive } from './cluster/own-claims.ts';
import { createPeerWatch } from './cluster/peer-watch.ts';
import { createCommandSession } from './command-session.ts';
import { createListeningState } from './commands/leader-session.ts';
import { createMessageButtons } from './commands/message-buttons.ts';
import type { BridgeConfig } from './config.ts';
import { createDeliveryAttempt } from './delivery/attempt.ts';
import { createCountedSender } from './delivery/counted-sender.ts';
import { createDispatcher } from './delivery/dispatcher.ts';
import { createLiveMessages, POLL_MS } from './delivery/living-messages.ts';
import { createMessageRenderer } from './delivery/message-renderer.ts';
import { recordSettlement } from './delivery/record-settlement.ts';
import { createWakeSignal } from './delivery/wake-signal.ts';
import { createPrometheusClient } from './engines/prometheus.ts';
import { createVenueNames } from './engines/venue-names.ts';
import { registerHealth } from './http/health.ts';
import { createLifeSigns } from './life-signs.ts';
import { createBridgeMetrics } from './metrics/bridge-metrics.ts';
import { MAX_WAITING, openOutbox } from './open-outbox.ts';
import { createGroupCommit } from './outbox/group-commit.ts';
import type { OutboxStore } from './outbox/store.ts';
import { isLoopbackHost } from './page/access.ts';
import { registerPage } from './page/routes.ts';
import type { Sender } from './telegram/sender.ts';
import { createCredentialCheck } from './webhook/credential.ts';
import { createFailureLimit } from './webhook/failure-limit.ts';
import { registerWebhook } from './webhook/route.ts';

export interface BridgeParts {
  readonly config: BridgeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where messages appear without a bot token. */
  readonly writeTerminal: (text: string) => void;
  /** Tests stand between the bridge and its store or sender here. */
  readonly wrapStore?: (store: OutboxStore) => OutboxStore;
  readonly wrapSender?: (sender: Sender) => Sender;
}

export interface Bridge {
  readonly server: FastifyInstance;
  /** `http://host:port` as bound. */
  readonly url: string;
  /** Stops claiming, lets the sends in flight finish, closes the outbox. */
  stop(): Promise<void>;
}

/** Largest webhook taken: some ten thousand alerts. */
const BODY_LIMIT_BYTES = 8_388_608;
const PRUNE_PERIOD_MS = 600_000;
const CHECK_PERIOD_MS = 1_000;
const VENUE_NAMES_PERIOD_MS = 60_000;

/** @throws AppError as the store's opening does, or the system's error where the port is taken. */
export async function startBridge(parts: BridgeParts): Promise<Bridge> {
  const { config, clock, logger } = parts;
  const readPresent = () => ({ now: clock.now(), wallNow: clock.wallNow() });
  const stopping = new AbortController();
  const wakeSignal = createWakeSignal(clock);
  const listening = createListeningState();
  let heardAtMs: number | undefined;

  const cluster = await openOutbox(config, clock, logger, () => ({
    heardAgoMs: heardAtMs === undefined ? undefined : clock.monotonicMs() - heardAtMs,
    isListening: listening.isListening(),
  }));
  const store = parts.wrapStore?.(cluster.store) ?? cluster.store;
  const metrics = createBridgeMetrics(store, cluster);
  const noteRecovered = (count: number) => {
    metrics.resent(count);
    if (count > 0) logger.warn({ count }, 'messages that a crash interrupted are sent again, marked');
  };
  noteRecovered(store.recovered);

  const lifeSigns = createLifeSigns({
    ...{ config, clock, logger, store, cluster, metrics, wakeSignal, signal: stopping.signal },
  });
  const { heartbeat, notify } = lifeSigns;

  // Webhook → outbox.
  const server = createHttpServer({ logger, bodyLimitBytes: BODY_LIMIT_BYTES });
  const isAuthorized = createCredentialCheck(config.webhookTokens);
  const failures = createFailureLimit(clock);
  const commit = createGroupCommit(store, readPresent);
  registerWebhook(server, {
    ...{ isAuthorized, failures, clock, logger },
    async accept(alerts) {
      const summary = await commit(alerts);
      metrics.redelivered(summary.redelivered);
      for (const reason of summary.suppressed) metrics.suppressed(reason);
      wakeSignal.wake();
    },
    onLifeSign(sign, alert) {
      if (sign === 'canary') return lifeSigns.canary(alert.startsAt);
      heardAtMs = clock.monotonicMs();
      lifeSigns.beat();
    },
    onAccepted: () => metrics.webhookAccepted(),
    onRejected(reason) {
      metrics.webhookRejected(reason);
      if (reason === 'unauthorized') metrics.authenticationFailed();
    },
  });

  // Outbox → Telegram.
  const prometheus = createPrometheusClient(config.prometheusUrl);
  const { isListening } = listening;
  const operations = createChatOperations({
    ...{ config, clock, logger, cluster, prometheus, metrics, wakeSignal, isListening },
  });
  const { subscriptions, silences, reactions, history, scorecard } = operations;
  const isHeard = () => isListening() || cluster.peers().isListening;
  const buttons = createMessageButtons({ silences, reactions, publicUrls: config.publicUrls, isHeard });
  const live = createLiveMessages({ store, prometheus, clock, logger, wakeSignal });
  const counted = createCountedSender(config, parts.writeTerminal, metrics);
  const sender = sendOnlyWhileAlive(parts.wrapSender?.(counted) ?? counted, cluster.isAlive);
  const venueNames = createVenueNames(prometheus);
  const render = createMessageRenderer({
    ...{ live, buttonsUnder: buttons.under, readPresent },
    settings: { ...config, venueNames: venueNames.known },
  });
  const dispatcher = createDispatcher({
    ...{ store, pacer: cluster.pacer, clock, logger, wakeSignal },
    attempt: createDeliveryAttempt({ sender, isEditOn: config.isEditOn, readPresent, render }),
    onSettled: (delivery, settlement) => recordSettlement(delivery, settlement, metrics, logger, clock.now()),
  });

  // What people see and do.
  const session = createCommandSession({
    ...{ config, clock, logger, cluster, store, prometheus, operations },
    ...{ buttons, heartbeat, listening, wakeSignal, notify },
  });
  const destination = config.telegramToken === undefined ? 'terminal' : 'telegram';
  registerHealth(server, {
    ...{ store, cluster, isHeard, heartbeat, metrics, destination, clock },
    startedMs: clock.monotonicMs(),
  });
  await registerPage(
    server,
    {
      ...{ store, heartbeat, destination, clock, commands: config.commands },
      ...{ subscriptions, silences, history, scorecard },
      isTableStale: async () => (await prometheus.alerts()).some(({ labels }) => labels.alertname === 'ThresholdStale'),
      limits: { marketPerHour: config.maxAlertsPerHour, waitingAtMost: MAX_WAITING },
      nowMs: () => clock.now(),
      onSubscribers: wakeSignal.wakeForNewChats,
    },
    {
      ...{ isAuthorized, failures, isLoopback: isLoopbackHost(config.host) },
      onFailure: () => metrics.authenticationFailed(),
    },
  );

  const closeStores = async () => {
    await cluster.stop();
    await sender.close();
    await store.close();
  };
  const url = await server.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await closeStores();
    throw error;
  });
  dispatcher.start();

  const every = (periodMs: number, work: () => unknown) => repeat(clock, periodMs, work, stopping.signal, logger);
  /** What two bridges must not both do. */
  const once = (periodMs: number, work: () => unknown) =>
    every(periodMs, () => (cluster.isLeader() ? work() : undefined));
  every(CHECK_PERIOD_MS, () => heartbeat.check());
  const refreshVenueNames = steadily(logger, 'venue names', venueNames.refresh);
  void refreshVenueNames();
  every(VENUE_NAMES_PERIOD_MS, refreshVenueNames);
  once(POLL_MS, () => live.poll());
  once(PRUNE_PERIOD_MS, () => store.prune(clock.now()));
  for (const [periodMs, work] of operations.periodicWork) once(periodMs, work);
  await session.check();
  every(CHECK_PERIOD_MS, () => session.check());
  if (cluster.storeKind === 'postgres') {
    const lookAtPeers = createPeerWatch(store, cluster);
    const followPeers = async () => {
      const { recovered, isHeartbeatHeard } = await lookAtPeers(clock.now());
      noteRecovered(recovered);
      if (isHeartbeatHeard) lifeSigns.beat();
      wakeSignal.wakeForNewChats();
    };
    every(CHECK_PERIOD_MS, steadily(logger, 'bridges', followPeers));
  }

  return {
    server,
    url,
    async stop() {
      stopping.abort();
      // No webhook is accepted any more before the loop ends: what is accepted is also committed.
      await server.close();
      await Promise.all([dispatcher.stop(), session.stop()]);
      await closeStores();
    },
  };
}
