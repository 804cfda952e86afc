// The bridge put together: webhook → outbox → loop → Telegram, with its page and metrics. Everything it needs comes in, so
// that tests can put in their own; `main.ts` gives it to a process.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../common/clock.ts';
import { createHttpServer } from '../common/http-server.ts';
import type { Logger } from '../common/logger.ts';
import { repeat, steadily } from '../common/repeat.ts';
import { createChatOperations } from './chat-operations.ts';
import { openAlone } from './cluster/alone.ts';
import { type Cluster, uniqueChats } from './cluster/cluster.ts';
import { createLeaderNotices } from './cluster/leader-notices.ts';
import { sendOnlyWhileAlive } from './cluster/own-claims.ts';
import type { BridgeConfig } from './config.ts';
import { createDeliveryAttempt } from './delivery/attempt.ts';
import { createDispatcher } from './delivery/dispatcher.ts';
import { createLiveMessages, POLL_MS } from './delivery/living-messages.ts';
import { recordSettlement } from './delivery/record-settlement.ts';
import { createPrometheusClient } from './engines/prometheus.ts';
import { backNotice, silentNotice } from './format/notice.ts';
import { renderDelivery } from './format/render.ts';
import { registerHealth } from './http/health.ts';
import { createCanary } from './liveness/canary.ts';
import { createDeadManSwitch } from './liveness/dead-man-switch.ts';
import { createHeartbeat } from './liveness/heartbeat.ts';
import { type BridgeMetrics, createBridgeMetrics } from './metrics/bridge-metrics.ts';
import type { AlertKind } from './model/alert.ts';
import type { ChatAddress } from './model/chat.ts';
import type { PeerStatus } from './outbox/databases/postgres/membership.ts';
import { createGroupCommit } from './outbox/group-commit.ts';
import type { OutboxRules, OutboxStore } from './outbox/store.ts';
import { isLoopbackHost } from './page/access.ts';
import { registerPage } from './page/routes.ts';
import type { Sender } from './telegram/sender.ts';
import { createTelegramSender } from './telegram/telegram-sender.ts';
import { createTerminalSender } from './telegram/terminal-sender.ts';
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
const MAX_WAITING = 100_000;
const RETENTION_MS = 90 * 24 * 3_600_000;
const PRUNE_PERIOD_MS = 600_000;
const CHECK_PERIOD_MS = 1_000;
/** A heartbeat that another bridge heard counts here too. The same one, seen again, differs by less than this. */
const HEARD_ANEW_MS = 1_000;

/** @throws AppError as the store's opening does, or the system's error where the port is taken. */
export async function startBridge(parts: BridgeParts): Promise<Bridge> {
  const { config, clock, logger } = parts;
  const readPresent = () => ({ now: clock.now(), wallNow: clock.wallNow() });
  let heardAtMs: number | undefined;
  const cluster = await openCluster(parts, () => ({
    heardAgoMs: heardAtMs === undefined ? undefined : clock.monotonicMs() - heardAtMs,
    isListening: people.isListening(),
    isLeading: cluster.isLeader(),
  }));
  const { pacer } = cluster;
  const store = parts.wrapStore?.(cluster.store) ?? cluster.store;
  const metrics = createBridgeMetrics(store, cluster);
  const recovered = (count: number) => {
    metrics.resent(count);
    if (count > 0) logger.warn({ count }, 'messages that a crash interrupted are sent again, marked');
  };
  recovered(store.recovered);

  const created = createSender(parts, metrics);
  const sender = sendOnlyWhileAlive(parts.wrapSender?.(created) ?? created, cluster.isAlive);
  const prometheus = createPrometheusClient(config.prometheusUrl);
  const live = createLiveMessages({
    store,
    prometheus,
    clock,
    logger,
    onChanged: () => dispatcher.wake(),
  });
  const dispatcher = createDispatcher({
    store,
    pacer,
    clock,
    logger,
    attempt: createDeliveryAttempt({
      sender,
      isEditOn: config.isEditOn,
      readPresent,
      render: async (delivery) => {
        const { phase, subject } = delivery;
        const isEnd = phase === 'resolved' && subject.type === 'alert';
        const totals = isEnd ? await live.totalsOf(subject.alert) : undefined;
        const text = renderDelivery(delivery, readPresent(), config, totals);
        const keyboard = await people.buttonsFor(delivery);
        return keyboard === undefined ? text : { ...text, keyboard };
      },
    }),
    onSettled: (delivery, settlement) => recordSettlement(delivery, settlement, metrics, logger, clock.now()),
  });

  const stopping = new AbortController();
  const say = (text: string) => {
    store
      .notify(text, config.stackChats, clock.now())
      .then(() => dispatcher.wake())
      .catch((error: unknown) => logger.error({ err: error }, 'notice could not be stored'));
  };
  const tell = createLeaderNotices({ cluster, clock, signal: stopping.signal, say });
  const heartbeat = createHeartbeat({
    clock,
    onSilent: (since) => tell(silentNotice(since, clock.now())),
    onBack: (silentMs) => tell(backNotice(silentMs)),
  });

  const outside = createDeadManSwitch({ url: config.watchdogUrl, environment: config.environment, clock, logger });

  const heard = () => {
    heartbeat.beat();
    outside.beat();
    metrics.heartbeat(clock.now() / 1_000);
  };

  const canary = createCanary({ readPresent, onArrived: metrics.latency.canary });

  const people = createChatOperations({
    ...{ cluster: { ...cluster, store }, config, clock, logger, metrics, heartbeat, tell },
    wake: () => dispatcher.wakeForNewChats(),
  });

  const server = createHttpServer({ logger, bodyLimitBytes: BODY_LIMIT_BYTES });
  const isAuthorized = createCredentialCheck(config.webhookTokens);
  const failures = createFailureLimit(clock);
  const commit = createGroupCommit(store, readPresent);
  registerWebhook(server, {
    isAuthorized,
    failures,
    clock,
    logger,
    accept: async (alerts) => {
      const summary = await commit(alerts);
      metrics.redelivered(summary.redelivered);
      for (const reason of summary.suppressed) metrics.suppressed(reason);
      dispatcher.wake();
    },
    onLifeSign(sign, alert) {
      if (sign === 'canary') return canary(alert.startsAt);
      heardAtMs = clock.monotonicMs();
      heard();
    },
    onAccepted: () => metrics.webhookAccepted(),
    onRejected: (reason) => {
      metrics.webhookRejected(reason);
      if (reason === 'unauthorized') metrics.authenticationFailed();
    },
  });
  const destination = config.telegramToken === undefined ? 'terminal' : 'telegram';
  registerHealth(server, {
    store,
    cluster,
    isHeard: people.isHeard,
    heartbeat,
    metrics,
    destination,
    startedMs: clock.monotonicMs(),
    clock,
  });
  await registerPage(
    server,
    {
      ...{ store, heartbeat, destination, clock, commands: config.commands },
      limits: { marketPerHour: config.maxAlertsPerHour, waitingAtMost: MAX_WAITING },
      ...{ subscriptions: people.subscriptions, silences: people.silences, history: people.history },
      scorecard: people.scorecard,
      isTableStale: async () => (await prometheus.alerts()).some(({ labels }) => labels.alertname === 'ThresholdStale'),
      nowMs: () => clock.now(),
      onSubscribers: () => dispatcher.wakeForNewChats(),
    },
    {
      isLoopback: isLoopbackHost(config.host),
      isAuthorized,
      failures,
      onFailure: () => metrics.authenticationFailed(),
    },
  );

  let url: string;
  try {
    url = await server.listen({ host: config.host, port: config.port });
  } catch (error) {
    await sender.close();
    await cluster.stop();
    await store.close();
    throw error;
  }
  dispatcher.start();
  const every = (periodMs: number, work: () => unknown) => repeat(clock, periodMs, work, stopping.signal, logger);
  /** What two bridges must not both do. */
  const once = (periodMs: number, work: () => unknown) =>
    every(periodMs, () => (cluster.isLeader() ? work() : undefined));
  every(CHECK_PERIOD_MS, () => heartbeat.check());
  once(POLL_MS, () => live.poll());
  once(PRUNE_PERIOD_MS, () => store.prune(clock.now()));
  for (const [periodMs, work] of people.chores) once(periodMs, work);
  await people.checkListening();
  every(CHECK_PERIOD_MS, () => people.checkListening());
  if (cluster.storeKind === 'postgres') every(CHECK_PERIOD_MS, steadily(logger, 'bridges', lookAround));
  let seenHeardAt = cluster.peers().heardAt ?? Number.NEGATIVE_INFINITY;
  /** What the other bridges have done or heard meanwhile. */
  async function lookAround(): Promise<void> {
    recovered(await store.recover(clock.now()));
    const heardAt = cluster.peers().heardAt ?? Number.NEGATIVE_INFINITY;
    if (heardAt > seenHeardAt + HEARD_ANEW_MS) heard();
    seenHeardAt = heardAt;
    dispatcher.wakeForNewChats();
  }

  return {
    server,
    url,
    async stop() {
      stopping.abort();
      // No webhook is accepted any more before the loop ends: what is accepted is also committed.
      await server.close();
      await Promise.all([dispatcher.stop(), people.stop()]);
      await cluster.stop();
      await sender.close();
      await store.close();
    },
  };
}

async function openCluster({ config, clock, logger }: BridgeParts, peerStatus: () => PeerStatus): Promise<Cluster> {
  const rules = rulesOf(config);
  const chats = uniqueChats([...config.marketChats, ...config.stackChats]);
  if (config.databaseUrl === undefined) return openAlone({ dataDir: config.dataDir, rules, chats, clock });
  const { openSeveral } = await import('./cluster/several.ts');
  return openSeveral({ url: config.databaseUrl, rules, chats, clock, logger, peerStatus });
}

function createSender({ config, writeTerminal }: BridgeParts, metrics: BridgeMetrics): Sender {
  const sender =
    config.telegramToken === undefined
      ? createTerminalSender(writeTerminal)
      : createTelegramSender({
          token: config.telegramToken,
          apiUrl: config.telegramApiUrl,
          onPlainText: () => metrics.plainText(),
        });
  return {
    send(chat, text, options) {
      metrics.requested(chat);
      return sender.send(chat, text, options);
    },
    edit(chat, messageId, text) {
      metrics.requested();
      return sender.edit(chat, messageId, text);
    },
    close: () => sender.close(),
  };
}

function rulesOf(config: BridgeConfig): OutboxRules {
  const switches: Partial<Record<AlertKind, boolean>> = {
    cascade: config.isLiquidationOn,
    large_liquidation: config.isLiquidationOn,
    market_cascade: config.isLiquidationOn,
    oi_explosion: config.isOpenInterestOn,
    oi_collapse: config.isOpenInterestOn,
  };
  return {
    chatsFor: (category): readonly ChatAddress[] => (category === 'stack' ? config.stackChats : config.marketChats),
    isEnabled: (kind) => switches[kind] ?? true,
    dedupMs: config.dedupMs,
    quota: { maxMarketPerHour: config.maxAlertsPerHour, rateLimitMs: config.rateLimitMs },
    maxWaiting: MAX_WAITING,
    retentionMs: RETENTION_MS,
  };
}
