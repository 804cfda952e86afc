// What Prometheus says: alerts that carry the label `rollback`, and whether the whole market is in a cascade. Asked of
// Prometheus and not of Alertmanager, where a silence would hide them.
import { field, listOf } from '../../common/json-shape.ts';
import { call } from '../http-answer.ts';
import type { Fault } from './checks/check.ts';
import { isTrigger } from './triggers.ts';

export interface AlertsSeen {
  /** `false`: only the watcher's own checks count. */
  readonly isAnswering: boolean;
  readonly faults: readonly Fault[];
  readonly isCascade: boolean;
}

const MARKET_WIDE = 'MarketWideCascade';

export async function readAlerts(prometheusUrl: string): Promise<AlertsSeen> {
  const { status, json } = await call({ url: `${prometheusUrl}/api/v1/alerts`, timeoutMs: 3_000 });
  if (status !== 200) return { isAnswering: false, faults: [], isCascade: false };
  const firing = listOf(field(json, 'data', 'alerts')).filter((alert) => field(alert, 'state') === 'firing');
  return {
    isAnswering: true,
    faults: firing.flatMap(toFault),
    isCascade: firing.some((alert) => field(alert, 'labels', 'alertname') === MARKET_WIDE),
  };
}

/** A label that names no trigger is somebody's slip in a rule; it can start nothing. */
function toFault(alert: unknown): readonly Fault[] {
  const trigger = String(field(alert, 'labels', 'rollback') ?? '');
  if (!isTrigger(trigger)) return [];
  const summary = field(alert, 'annotations', 'summary') ?? field(alert, 'labels', 'alertname');
  return [{ trigger, what: String(summary) }];
}
