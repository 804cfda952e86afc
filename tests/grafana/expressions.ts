// What the panels ask, as Prometheus would be asked: Grafana's variables replaced by values.
import { generateDashboards } from '../../grafana/src/dashboards.ts';

export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly legend: string;
  /** As it stands in the dashboard. */
  readonly template: string;
  /** With everything chosen and a step of 15 s. */
  readonly expr: string;
}

const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval/g, '1m'],
  [/\$(exchange|symbol)/g, '.+'],
];

export function panelQueries(): readonly PanelQuery[] {
  return generateDashboards().flatMap(({ dashboard }) =>
    panels(dashboard).flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({
        dashboard: dashboard.title ?? '',
        panel: title,
        legend: legendFormat,
        template: expr,
        expr: VARIABLES.reduce((text, [pattern, value]) => text.replace(pattern, value), expr),
      })),
    ),
  );
}

export interface PlainPanel {
  readonly type: string;
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly datasourceUid: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string; readonly datasourceUid: string }[];
}

/** The panels of a dashboard without its rows, read from the JSON that Grafana gets and not from the builders' types. */
export function panels(dashboard: unknown): readonly PlainPanel[] {
  const listed = JSON.parse(JSON.stringify(dashboard)).panels as readonly RawPanel[];
  return listed
    .filter(({ type }) => type !== 'row')
    .map((panel) => ({
      type: panel.type,
      id: panel.id,
      title: panel.title ?? '',
      description: panel.description ?? '',
      unit: panel.fieldConfig?.defaults?.unit ?? '',
      datasourceUid: panel.datasource?.uid ?? '',
      gridPos: panel.gridPos,
      targets: (panel.targets ?? []).map(({ expr, legendFormat, datasource }) => ({
        expr,
        legendFormat,
        datasourceUid: datasource?.uid ?? '',
      })),
    }));
}

interface RawPanel {
  readonly type: string;
  readonly id: number;
  readonly title?: string;
  readonly description?: string;
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  readonly datasource?: { readonly uid?: string };
  readonly gridPos: PlainPanel['gridPos'];
  readonly targets?: readonly {
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource?: { readonly uid?: string };
  }[];
}
