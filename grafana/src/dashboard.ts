// A dashboard of ours: rows of panels placed from left to right, the same variables and links everywhere, read only.
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE, type PanelDraft } from './panel.ts';

export interface Row {
  readonly title: string;
  readonly panels: readonly PanelDraft[];
}

export interface DashboardSpec {
  /** Fixed for ever: alerts link to it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks at first, as Grafana writes it: `now-6h`. */
  readonly from: string;
  /** Series whose `symbol` and `exchange` the reader may choose from; none: the variable is left out. */
  readonly symbolsOf?: string;
  readonly exchangesOf?: string;
  /** Alerts that are drawn as marks: a matcher for ALERTS. */
  readonly marks?: string;
  readonly rows: readonly Row[];
}

const TAG = 'derivatives-alerts';
const COLUMNS = 24;

export function buildDashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .time({ from: spec.from, to: 'now' })
    .timezone('browser')
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .withVariable(
      new DatasourceVariableBuilder('datasource')
        .label('Data source')
        .type('prometheus')
        .current({ text: 'Prometheus', value: 'prometheus' }),
    )
    .link(dashboardsLink())
    .link(link('Alert rules', '/alerting/list', 'The rules, what they say now, and their runbooks'))
    .link(link('New silence', '/alerting/silence/new?alertmanager=Alertmanager', 'Mute alerts for a while'))
    .link(link('Silences', '/alerting/silences?alertmanager=Alertmanager', 'What is muted, by whom and until when'));
  if (spec.exchangesOf) builder.withVariable(choice('exchange', 'Exchange', spec.exchangesOf));
  if (spec.symbolsOf) builder.withVariable(choice('symbol', 'Symbol', spec.symbolsOf));
  if (spec.marks) builder.annotation(marks(spec.marks));
  placeRows(builder, spec.rows);
  return builder.build();
}

function placeRows(builder: DashboardBuilder, rows: readonly Row[]): void {
  let id = 0;
  let y = 0;
  for (const row of rows) {
    id += 1;
    builder.withRow(new RowBuilder(row.title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: 1 }));
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of row.panels) {
      if (x + panel.width > COLUMNS) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      id += 1;
      const built = panel.build(id, x, y);
      builder.withPanel({ build: () => built });
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
    }
    y += lineHeight;
  }
}

function choice(name: string, label: string, series: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .query(`label_values(${series}, ${name})`)
    .datasource(DATASOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: 'All', value: '$__all' });
}

function marks(matcher: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('red')
    .expr(`ALERTS{alertstate="firing",${matcher}}`)
    .step('10s')
    .titleFormat('{{alertname}} {{symbol}}')
    .textFormat('tier {{tier}}')
    .tagKeys('alertname,symbol,tier');
}

/** The other dashboards, at the same time and with the same choices. */
function dashboardsLink(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);
}

function link(title: string, url: string, tooltip: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).tooltip(tooltip).icon('external link');
}
