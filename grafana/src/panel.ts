// Panels of ours: every one has a title, a description, a unit and a size, and asks the data source that the reader chose.
import {
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The variable that every query goes through, so that a dashboard serves any Prometheus. */
export const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

export interface Query {
  readonly expr: string;
  /** A text with `{{label}}` in it. One that begins with "limit" is drawn as a dashed line to compare with. */
  readonly legend: string;
}

export interface PanelSpec {
  readonly title: string;
  /** What it shows and, where it can be empty, what that means. */
  readonly description: string;
  /** One of Grafana's units. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Columns of 24. */
  readonly width: number;
  /** One or two values from which on the reading is bad: green, yellow where there are two, red. */
  readonly badFrom?: readonly number[];
  /** One or two values below which the reading is bad, the worse one first. */
  readonly goodFrom?: readonly number[];
  readonly decimals?: number;
  /** Values below 0 are drawn too. */
  readonly isSigned?: boolean;
  readonly isStacked?: boolean;
  /** What stands there while there is no data. */
  readonly empty?: string;
}

/** A panel that a dashboard numbers and places. */
export interface PanelDraft {
  readonly width: number;
  readonly height: number;
  build(id: number, x: number, y: number): Panel;
}

/** Lines over time. */
export function timeseries(spec: PanelSpec): PanelDraft {
  const builder = new TimeseriesBuilder()
    .lineWidth(1)
    .fillOpacity(spec.isStacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .overrideByRegexp('^limit.*', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none' } },
    ]);
  if (!spec.isSigned) builder.min(0);
  if (spec.isStacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  return draft(builder, spec, 8, false);
}

/** The latest value as a number. */
export function stat(spec: PanelSpec): PanelDraft {
  const builder = new StatBuilder()
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  return draft(builder, spec, 4, true);
}

/** One row for each series, of this moment. */
export function table(spec: PanelSpec): PanelDraft {
  const builder = new TableBuilder().showHeader(true).withTransformation({
    id: 'organize',
    options: { excludeByName: { Time: true } },
  });
  return draft(builder, spec, 8, true);
}

function draft(
  builder: TimeseriesBuilder | StatBuilder | TableBuilder,
  spec: PanelSpec,
  height: number,
  isInstant: boolean,
): PanelDraft {
  builder
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .datasource(DATASOURCE)
    .noValue(spec.empty ?? 'no data')
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(spec)));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  spec.queries.forEach((query, index) => {
    const target = new DataqueryBuilder()
      .expr(query.expr)
      .legendFormat(query.legend)
      .datasource(DATASOURCE)
      .refId(String.fromCharCode(65 + index));
    builder.withTarget(isInstant ? target.instant().format(tableOrSeries(builder)) : target.range());
  });
  return {
    width: spec.width,
    height,
    build: (id, x, y) => builder.id(id).gridPos({ x, y, w: spec.width, h: height }).build(),
  };
}

function tableOrSeries(builder: unknown): PromQueryFormat {
  return builder instanceof TableBuilder ? PromQueryFormat.Table : PromQueryFormat.TimeSeries;
}

function thresholdSteps({ badFrom, goodFrom }: PanelSpec): Threshold[] {
  const [colors, values] = goodFrom
    ? [goodFrom.length > 1 ? ['red', 'yellow', 'green'] : ['red', 'green'], goodFrom]
    : [(badFrom?.length ?? 0) > 1 ? ['green', 'yellow', 'red'] : ['green', 'red'], badFrom ?? []];
  // Grafana's first step has no value: it holds from minus infinity on.
  return [null, ...values].map((value, index) => ({ value, color: colors[index] ?? 'red' }));
}
