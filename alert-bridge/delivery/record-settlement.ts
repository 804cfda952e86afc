// Counts and logs how an attempt was settled.
import type { EpochMs } from '../../common/brands.ts';
import type { Logger } from '../../common/logger.ts';
import type { BridgeMetrics } from '../metrics/bridge-metrics.ts';
import type { Delivery, Settlement } from '../outbox/delivery.ts';

/** Per alert and chat: edits, digests and notices are attempts, not notifications. */
export function recordSettlement(
  delivery: Delivery,
  settlement: Settlement,
  metrics: BridgeMetrics,
  logger: Logger,
  now: EpochMs,
): void {
  const { phase, priority, subject } = delivery;
  if (settlement.type === 'retry') {
    metrics.requestFailed(settlement.reason);
    logger.debug({ deliveryId: delivery.id, reason: settlement.reason }, 'message is tried again later');
    return;
  }
  const isNotification = phase === 'firing' || (phase === 'resolved' && delivery.target?.messageId === undefined);
  if (settlement.type === 'suppressed') {
    if (isNotification) metrics.suppressed(settlement.reason);
    return;
  }
  if (settlement.type !== 'delivered') {
    const reason = settlement.type === 'expired' ? 'expired' : settlement.reason;
    if (settlement.type !== 'expired') metrics.requestFailed(reason);
    if (isNotification) metrics.failed(reason);
    logger.warn(
      { deliveryId: delivery.id, chat: delivery.chat.key, phase, state: settlement.type, reason },
      'message not delivered',
    );
  }
  if (!isNotification) return;
  metrics.notified(priority);
  if (settlement.type !== 'delivered' || subject.type !== 'alert' || phase !== 'firing' || delivery.isRepeat) return;
  const { facts, startsAt } = subject.alert;
  // Alertmanager groups alerts about the stack and those of low priority for longer than the latency budget, on purpose. In
  // these histograms they would fire the alert that watches the budget.
  if (facts.category === 'stack' || facts.priority === 'low') return;
  metrics.latency.delivered({
    eventAt: facts.eventAt === startsAt ? undefined : facts.eventAt,
    ruleAt: startsAt,
    webhookAt: delivery.acceptedAt,
    telegramAt: now,
  });
}
