// The bridge's own metrics. Counters are counted where things happen.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { registerProcessMemory } from '../../common/process-memory.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PRIORITIES, type Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import { SUPPRESS_REASONS, type SuppressReason } from '../outbox/delivery.ts';
import { FAILURE_REASONS, type FailureReason } from '../outbox/outcome.ts';
import type { OutboxStore } from '../outbox/store.ts';
import { REJECT_REASONS, type RejectReason } from '../webhook/route.ts';
import { registerBusiestChat } from './busiest-chat.ts';
import { createLatencyMetrics, type LatencyMetrics } from './latency.ts';
import { registerOutboxMetrics } from './outbox.ts';

export interface BridgeMetrics {
  readonly registry: Registry;
  webhookAccepted(): void;
  webhookRejected(reason: RejectReason): void;
  authenticationFailed(): void;
  notified(priority: Priority): void;
  failed(reason: FailureReason): void;
  suppressed(reason: SuppressReason): void;
  resent(count: number): void;
  /** An attempt to send or, without a chat, to edit. */
  requested(chat?: ChatAddress): void;
  requestFailed(reason: FailureReason): void;
  plainText(): void;
  redelivered(count: number): void;
  heartbeat(atSeconds: number): void;
  readonly latency: LatencyMetrics;
}

/** Every series that is known beforehand exists at 0. */
export function createBridgeMetrics(store: OutboxStore, cluster: Pick<Cluster, 'isLeader' | 'peers'>): BridgeMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerProcessMemory(registry);
  const counter = (name: string, help: string) =>
    new Counter({ name: `alertbridge_${name}`, help, registers: [registry] });
  const reasons = <Reason extends string>(name: string, help: string, values: readonly Reason[]) => {
    const metric = new Counter({ name: `alertbridge_${name}`, help, labelNames: ['reason'], registers: [registry] });
    for (const reason of values) metric.inc({ reason }, 0);
    return (reason: Reason) => metric.inc({ reason });
  };

  const webhooks = counter('webhooks_total', 'Webhooks whose alerts were stored and that were answered with 2xx.');
  const authentication = counter(
    'authentication_failures_total',
    'Requests with a missing or wrong credential, on any route.',
  );
  const resends = counter(
    'notifications_resent_total',
    'Messages sent once more because a crash lost the answer to the first try; possible duplicates.',
  );
  const requests = counter('telegram_requests_total', 'Attempts to send or edit a message, answered or not.');
  const plain = counter(
    'messages_plain_text_total',
    'Messages whose markup Telegram refused and that went as plain text.',
  );
  const repeated = counter(
    'alerts_redelivered_total',
    'Alerts received once more: a repeated webhook or a second Alertmanager.',
  );
  const notifications = new Counter({
    name: 'alertbridge_notifications_total',
    help: 'Notifications, per alert and chat, that were to be sent: delivered, failed or of unknown fate.',
    labelNames: ['priority'],
    registers: [registry],
  });
  for (const priority of PRIORITIES) notifications.inc({ priority }, 0);
  const beat = new Gauge({
    name: 'alertbridge_heartbeat_timestamp_seconds',
    help: 'When the last Watchdog heartbeat arrived, seconds since 1970; absent before the first.',
    labelNames: [],
    registers: [registry],
  });
  beat.remove();
  registerOutboxMetrics(registry, store, cluster);
  const busiest = registerBusiestChat(registry);

  return {
    registry,
    webhookAccepted: () => webhooks.inc(),
    webhookRejected: reasons('webhooks_rejected_total', 'Webhooks that were refused, by reason.', REJECT_REASONS),
    authenticationFailed: () => authentication.inc(),
    notified: (priority) => notifications.inc({ priority }),
    failed: reasons(
      'notifications_failed_total',
      'Notifications that ended without being known as delivered, by reason.',
      FAILURE_REASONS,
    ),
    suppressed: reasons(
      'notifications_suppressed_total',
      'Notifications that were not to be sent as a message of their own, by reason.',
      SUPPRESS_REASONS,
    ),
    resent: (count) => resends.inc(count),
    requested(chat) {
      requests.inc();
      if (chat !== undefined) busiest.sent(chat);
    },
    requestFailed: reasons(
      'telegram_requests_failed_total',
      'Attempts to send or edit that did not succeed, by reason.',
      FAILURE_REASONS,
    ),
    plainText: () => plain.inc(),
    redelivered: (count) => repeated.inc(count),
    heartbeat: (atSeconds) => beat.set(atSeconds),
    latency: createLatencyMetrics(registry),
  };
}
