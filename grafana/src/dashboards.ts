// Every dashboard and the file it is generated into.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { delivery } from './delivery.ts';
import { host } from './host.ts';
import { markets } from './markets.ts';
import { openInterest } from './open-interest.ts';
import { stackHealth } from './stack-health.ts';
import { trading } from './trading.ts';

export interface GeneratedFile {
  /** Below grafana/dashboards; the folder becomes the folder in Grafana. */
  readonly path: string;
  readonly dashboard: Dashboard;
}

export function generateDashboards(): readonly GeneratedFile[] {
  return [
    { path: 'Market/markets.json', dashboard: markets() },
    { path: 'Market/open-interest.json', dashboard: openInterest() },
    { path: 'Stack/alerts-and-delivery.json', dashboard: delivery() },
    { path: 'Stack/stack-health.json', dashboard: stackHealth() },
    { path: 'Stack/host-and-services.json', dashboard: host() },
    { path: 'Trading/trading.json', dashboard: trading() },
  ];
}

/** The text of the file: stable, so that a change shows as a small difference. */
export function renderDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}
