// How long an alert takes from the exchange's event to Telegram's answer, stage by stage, and how long the canary takes.
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { EpochMs } from '../../common/brands.ts';

/** The stages in their order; the last one is the whole way. */
const STAGES = ['event_to_rule', 'rule_to_webhook', 'webhook_to_telegram', 'event_to_telegram'] as const;

/** When an alert passed each stage, each by the clock of the part that recorded it. */
export interface StageTimes {
  /** `undefined` where the alert names no event of its own. */
  readonly eventAt: EpochMs | undefined;
  /** The alert's `startsAt`: the rule held. */
  readonly ruleAt: EpochMs;
  readonly webhookAt: EpochMs;
  readonly telegramAt: EpochMs;
}

export interface LatencyMetrics {
  /** To be called for the first message of an alert in each chat. */
  delivered(times: StageTimes): void;
  /** A canary arrived. */
  canary(latencyMs: number, at: EpochMs): void;
}

const BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 15, 30, 60, 120, 600];

/** Every series that is known beforehand exists at 0. */
export function createLatencyMetrics(registry: Registry): LatencyMetrics {
  const registers = [registry];
  const buckets = BUCKETS_SECONDS;
  const delivery = new Histogram({
    name: 'alertbridge_delivery_latency_seconds',
    help: 'From the startsAt of an alert, those about the stack or of low priority apart, to the answer of Telegram to its first message.',
    buckets,
    registers,
  });
  const stages = new Histogram({
    name: 'alertbridge_stage_latency_seconds',
    help: 'The same way stage by stage: event to startsAt, startsAt to acceptance, acceptance to the answer of Telegram; event_to_telegram is all of it.',
    labelNames: ['stage'],
    buckets,
    registers,
  });
  for (const stage of STAGES) stages.zero({ stage });
  const canary = new Histogram({
    name: 'alertbridge_canary_latency_seconds',
    help: 'From the startsAt of the synthetic alert Canary to its arrival here.',
    buckets,
    registers,
  });
  const canaryAt = new Gauge({
    name: 'alertbridge_canary_timestamp_seconds',
    help: 'When the last synthetic alert Canary arrived, seconds since 1970; absent before the first.',
    labelNames: [],
    registers,
  });
  canaryAt.remove();

  /** Clocks of different machines may put the later moment first. */
  const secondsBetween = (from: EpochMs, to: EpochMs) => Math.max(0, to - from) / 1_000;

  return {
    delivered({ eventAt, ruleAt, webhookAt, telegramAt }) {
      const observe = (stage: (typeof STAGES)[number], from: EpochMs, to: EpochMs) =>
        stages.observe({ stage }, secondsBetween(from, to));
      delivery.observe(secondsBetween(ruleAt, telegramAt));
      observe('rule_to_webhook', ruleAt, webhookAt);
      observe('webhook_to_telegram', webhookAt, telegramAt);
      if (eventAt === undefined) return;
      observe('event_to_rule', eventAt, ruleAt);
      observe('event_to_telegram', eventAt, telegramAt);
    },
    canary(latencyMs, at) {
      canary.observe(latencyMs / 1_000);
      canaryAt.set(at / 1_000);
    },
  };
}
