// Links of a message: only to addresses that the owner declared public, whatever an alert says.

import type { StoredAlert } from '../outbox/delivery.ts';
import type { Link } from './buttons.ts';

export interface PublicLinks {
  readonly grafana: string | undefined;
  readonly bridge: string | undefined;
  readonly alertmanager: string | undefined;
}

/** Shown before and after the start of an alert: what led to it, and what came of it. */
const AROUND_MS = 1_800_000;

/**
 * `dashboard_url` is shown where it is a path, or stands under the public Grafana; an alert's own hosts are never linked,
 * because Telegram's servers and phones cannot reach them, or should not. A dashboard opens at the time of the alert.
 */
export function alertLinks(alert: StoredAlert, urls: PublicLinks): readonly Link[] {
  const dashboard = underGrafana(atItsTime(alert), urls.grafana);
  return [
    ...(dashboard ? [{ label: 'Dashboard', url: dashboard }] : []),
    ...(urls.bridge ? [{ label: 'Alerts', url: urls.bridge }] : []),
  ];
}

function atItsTime({ annotations, startsAt }: StoredAlert): string | undefined {
  const url = annotations.dashboard_url;
  // Grafana has no dashboards elsewhere, and a range that the rule asks for itself is kept.
  if (!url || !/^[^?#]*\/d\/[^#]*$/.test(url) || /[?&]from=/.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}from=${startsAt - AROUND_MS}&to=${startsAt + AROUND_MS}`;
}

function underGrafana(url: string | undefined, grafana: string | undefined): string | undefined {
  if (!grafana) return undefined;
  if (!url) return grafana;
  const base = new URL(grafana);
  if (!URL.canParse(url, `${grafana}/`)) return grafana;
  const target = new URL(url, `${grafana}/`);
  // A dashboard link that rules wrote for another host still names the dashboard: its path moves to the public one.
  const moved = new URL(`${base.pathname.replace(/\/$/, '')}${target.pathname}${target.search}`, base.origin);
  if (target.origin === base.origin) return target.href.startsWith(base.href) ? target.href : moved.href;
  return ['http:', 'https:'].includes(target.protocol) ? moved.href : grafana;
}
