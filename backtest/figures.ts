// The figures of an alert's annotations at one second. The queries are those that stand in the annotations, asked of the
// engine; putting their answers into text is ours, and knows the forms that the rules files use: one value, one label, or a
// list `name=value`. An annotation of another form, and text for people, is left out.
import type { Episode } from './alert-machine.ts';
import type { BacktestEngine } from './prometheus.ts';
import type { Labels, Sample } from './query-answer.ts';

/** Nothing in a recording says how the feeds were doing. */
const NOT_RECORDED: ReadonlySet<string> = new Set(['coverage']);

export type Figures = Readonly<Record<string, string>>;

/** Figures by the name of their annotation; those without an answer are absent, as they are in the alert. */
export async function figuresAt(
  { annotations, labels, value }: Pick<Episode, 'annotations' | 'labels' | 'value'>,
  timeMs: number,
  engine: Pick<BacktestEngine, 'query'>,
): Promise<Figures> {
  const entries = await Promise.all(
    Object.entries(annotations).map(async ([name, template]) => {
      const figure = NOT_RECORDED.has(name) ? undefined : await figureOf(template, labels, value, timeMs, engine);
      return figure === undefined ? [] : [[name, figure] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function figureOf(
  template: string,
  labels: Labels,
  value: number,
  timeMs: number,
  engine: Pick<BacktestEngine, 'query'>,
): Promise<string | undefined> {
  const own = /^\{\{ printf "(%\.\d+f)" \$value \}\}$/.exec(template)?.[1];
  if (own !== undefined) return format(own, value);
  const query = queryIn(template, labels);
  if (query === undefined) return undefined;
  const samples = await engine.query(query, timeMs);
  return samples.length === 0 ? undefined : render(template, samples);
}

/** The one query of a template, its placeholders filled with the label that stands behind it. */
export function queryIn(template: string, labels: Labels): string | undefined {
  const [, query, label] = /`([^`]*)`\s*(?:\$labels\.(\w+))?/.exec(template) ?? [];
  if (query === undefined) return undefined;
  const filler = JSON.stringify(label === undefined ? '' : (labels[label] ?? ''));
  return query.replaceAll(/%(?:\[1\])?q/g, filler);
}

function render(template: string, samples: readonly Sample[]): string | undefined {
  const shape = /printf "(%\.\d+f)"/.exec(template)?.[1];
  const listed = /\.Labels\.(\w+)/.exec(template)?.[1];
  if (listed !== undefined && shape !== undefined) {
    return samples.map(({ labels, value }) => `${labels[listed] ?? ''}=${format(shape, value)}`).join(',');
  }
  const [first] = samples;
  const label = /\| first \| label "(\w+)"/.exec(template)?.[1];
  if (label !== undefined) return first?.labels[label];
  return shape === undefined || !first ? undefined : format(shape, first.value);
}

function format(shape: string, value: number): string {
  return Number.isFinite(value) ? value.toFixed(Number(/\d+/.exec(shape)?.[0])) : String(value);
}
