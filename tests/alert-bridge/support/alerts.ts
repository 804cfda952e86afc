// Alerts as Alertmanager sends them, and as the outbox keeps them.

import {
  type Alert,
  type AlertStatus,
  describeAlert,
  labelsHash,
  type Texts,
} from '../../../alert-bridge/model/alert.ts';
import type { StoredAlert } from '../../../alert-bridge/outbox/delivery.ts';
import { type EpochMs, epochMs } from '../../../common/brands.ts';
import { START_MS } from './clocks.ts';

export interface AlertOptions {
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly status?: AlertStatus;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly receiver?: string;
  readonly notificationReason?: string;
}

/** Figures of the contract's example: 7 liquidations, $1.2M, 5 longs, 2 shorts. */
export const CASCADE_FIGURES: Texts = {
  events: '7',
  long_events: '5',
  short_events: '2',
  notional_usd: '1200000',
  long_notional_usd: '900000',
  short_notional_usd: '300000',
  largest_usd: '400000',
  window_seconds: '30',
  venues: 'binance=600000,bybit=400000,okx=200000',
};

export function cascade(wishes: AlertOptions = {}): Alert {
  return build(
    'LiquidationCascade',
    { symbol: 'BTC', tier: '1', priority: 'high', severity: 'critical', category: 'market' },
    CASCADE_FIGURES,
    wishes,
  );
}

export function largeLiquidation(wishes: AlertOptions = {}): Alert {
  return build(
    'LargeLiquidation',
    { symbol: 'BTC', tier: '1', priority: 'medium', severity: 'warning', category: 'market' },
    { notional_usd: '150000', side: 'long', exchange: 'bybit', price_usd: '82500' },
    wishes,
  );
}

export function explosion(wishes: AlertOptions = {}): Alert {
  return build(
    'OpenInterestExplosion',
    { symbol: 'BTC', priority: 'high', severity: 'critical', category: 'market' },
    { change_ratio: '0.18', from_usd: '2100000000', to_usd: '2500000000', confirming: '3', voting: '3' },
    wishes,
  );
}

export function collapse(wishes: AlertOptions = {}): Alert {
  return build(
    'OpenInterestCollapse',
    { symbol: 'BTC', priority: 'medium', severity: 'warning', category: 'market' },
    { change_ratio: '-0.18', from_usd: '2500000000', to_usd: '2100000000', confirming: '3', voting: '3' },
    wishes,
  );
}

export function stackAlert(wishes: AlertOptions = {}): Alert {
  return build(
    'FeedDown',
    { category: 'stack', severity: 'warning', priority: 'medium', exchange: 'okx', feed: 'liquidations' },
    { summary: 'OKX liquidations are down', description: 'No connection for 60 s.' },
    wishes,
  );
}

function build(alertname: string, labels: Texts, annotations: Texts, wishes: AlertOptions): Alert {
  const merged = { alertname, ...labels, ...wishes.labels };
  const status = wishes.status ?? 'firing';
  const startsAt = epochMs(wishes.startsAt ?? START_MS);
  return {
    receiver: wishes.receiver ?? 'bridge',
    fingerprint: labelsHash(merged),
    status,
    labels: merged,
    annotations: { ...annotations, ...wishes.annotations },
    startsAt,
    endsAt: status === 'resolved' ? epochMs(wishes.endsAt ?? startsAt + 60_000) : undefined,
    notificationReason: wishes.notificationReason,
  };
}

/** The same alert after it ended. */
export function resolved(alert: Alert, endsAt: number = alert.startsAt + 60_000): Alert {
  return { ...alert, status: 'resolved', endsAt: epochMs(endsAt) };
}

export function stored(alert: Alert, change: Partial<StoredAlert> = {}): StoredAlert {
  const { labels, annotations, fingerprint, status, startsAt, endsAt } = alert;
  return {
    id: 1,
    facts: describeAlert(alert),
    peak: annotations,
    labels,
    annotations,
    fingerprint,
    status,
    startsAt,
    endsAt,
    ...change,
  };
}

/** A webhook of version 4 with these alerts. */
export function webhookOf(alerts: readonly Alert[], extra: Readonly<Record<string, unknown>> = {}): object {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved',
    receiver: alerts[0]?.receiver ?? 'bridge',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://127.0.0.1:9093',
    alerts: alerts.map(({ status, labels, annotations, startsAt, endsAt, fingerprint }) => ({
      status,
      labels,
      annotations,
      startsAt: iso(startsAt),
      endsAt: endsAt === undefined ? '0001-01-01T00:00:00Z' : iso(endsAt),
      generatorURL: 'http://127.0.0.1:9090/graph',
      fingerprint,
    })),
    ...extra,
  };
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}
