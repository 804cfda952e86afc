// The bridge's vocabulary: one alert as Alertmanager reported it, and what its labels mean to us. Depends on no stage.
import { createHash } from 'node:crypto';
import { type EpochMs, epochMs } from '../../common/brands.ts';

export const PRIORITIES = ['high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const ALERT_KINDS = [
  'cascade',
  'large_liquidation',
  'market_cascade',
  'oi_explosion',
  'oi_collapse',
  'stack',
  'other',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Which quota an alert draws on and which chats hear of it. */
export type AlertCategory = 'market' | 'stack' | 'other';

export type AlertStatus = 'firing' | 'resolved';
export type Texts = Readonly<Record<string, string>>;

export interface Alert {
  readonly receiver: string;
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Prometheus' clock. */
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs | undefined;
  /** What Alertmanager 0.32 and later says about why it sends; `undefined` before. */
  readonly notificationReason: string | undefined;
}

export interface AlertFacts {
  readonly name: string;
  readonly kind: AlertKind;
  readonly category: AlertCategory;
  readonly symbol: string | undefined;
  readonly tier: number;
  readonly priority: Priority;
  /** Identity in time: symbol, type and tier for market alerts, every label for the others. */
  readonly dedupKey: string;
  /** When it happened: the newest event of the window where the alert says so, else its start. */
  readonly eventAt: EpochMs;
}

const KIND_BY_NAME: ReadonlyMap<string, AlertKind> = new Map([
  ['LiquidationCascade', 'cascade'],
  ['LargeLiquidation', 'large_liquidation'],
  ['MarketWideCascade', 'market_cascade'],
  ['OpenInterestExplosion', 'oi_explosion'],
  ['OpenInterestCollapse', 'oi_collapse'],
]);

/** Signs of life of the chain itself, never messages: see `heartbeat.ts` and `canary.ts`. */
export type LifeSign = 'heartbeat' | 'canary';

/** `undefined` for an alert that people are to hear of. A rule of the user's own may be called `Canary` as well. */
export function lifeSignOf(labels: Texts): LifeSign | undefined {
  if (labels.alertname === 'Watchdog') return 'heartbeat';
  return labels.alertname === 'Canary' && labels.category === 'stack' ? 'canary' : undefined;
}

/** Far beyond any of ours: a label of a user's own rule must not be more than a database can index. */
const MAX_TIER = 1_000_000_000;
const MAX_SYMBOL = 100;

export function describeAlert(alert: Alert): AlertFacts {
  const { labels, annotations } = alert;
  const name = labels.alertname || 'Alert';
  const known = KIND_BY_NAME.get(name);
  const category = readCategory(labels.category, known);
  const kind = known ?? (category === 'stack' ? 'stack' : 'other');
  const tier = Math.min(Math.max(1, Math.trunc(figure(labels.tier) ?? 1)), MAX_TIER);
  const symbol = labels.symbol?.slice(0, MAX_SYMBOL) || undefined;
  const eventSeconds = figure(annotations.event_timestamp);
  return {
    name,
    kind,
    category,
    symbol,
    tier,
    priority: readPriority(labels, known),
    dedupKey: category === 'market' ? `${name}|${symbol ?? '*'}|${tier}` : labelsHash(labels),
    eventAt: eventSeconds && eventSeconds > 0 && eventSeconds < 1e11 ? epochMs(eventSeconds * 1_000) : alert.startsAt,
  };
}

/** A plain decimal number out of an annotation; `undefined` for anything else, so that no text ever shows NaN. */
export function figure(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** Stands in for a fingerprint where a sender gives none; the same labels give the same text. */
export function labelsHash(labels: Texts): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

function readCategory(label: string | undefined, known: AlertKind | undefined): AlertCategory {
  if (label === 'stack') return 'stack';
  return label === 'market' || known ? 'market' : 'other';
}

function readPriority(labels: Texts, known: AlertKind | undefined): Priority {
  const named = PRIORITIES.find((priority) => priority === labels.priority?.toLowerCase());
  if (named) return named;
  if (known === 'cascade' || known === 'market_cascade' || known === 'oi_explosion') return 'high';
  switch (labels.severity?.toLowerCase()) {
    case 'critical':
      return 'high';
    case 'info':
    case 'none':
      return 'low';
    default:
      return 'medium';
  }
}
