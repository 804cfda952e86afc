// Metrics whose values are read when somebody scrapes: emptied and filled each time, so that a series is there exactly
// as long as its source gives it. prom-client alone would keep every label set that was ever seen.
//
// They are ordinary prom-client metrics in an ordinary registry; only their text is also written here, because the
// library needs about 4 µs for each series and all perpetuals of three venues make tens of thousands.
import { Counter, Gauge, type Metric, type Registry } from 'prom-client';

export interface Sample<Label extends string> {
  /** In the order of `labelNames`. */
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

export interface SnapshotDefinition<Label extends string> {
  readonly name: string;
  /** One sentence: what, unit, source. */
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** The series of this moment, each label set once. Must not wait. */
  readonly read: () => Iterable<Sample<Label>>;
}

const writers = new WeakMap<Metric, () => string>();

export function registerGauge<Label extends string>(registry: Registry, definition: SnapshotDefinition<Label>): void {
  const { name, help, labelNames, read } = definition;
  const gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.set(labels, value);
    },
  });
  writers.set(gauge, () => writeText(definition, 'gauge'));
}

export function registerCounter<Label extends string>(registry: Registry, definition: SnapshotDefinition<Label>): void {
  const { name, help, labelNames, read } = definition;
  const counter = new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.inc(labels, value);
    },
  });
  writers.set(counter, () => writeText(definition, 'counter'));
}

/** The text of one family, as `registry.metrics()` has it. Its values are read before this function returns. */
export function familyText(registry: Registry, name: string): Promise<string> {
  const metric = registry.getSingleMetric(name);
  const write = metric && writers.get(metric);
  return write ? Promise.resolve(write()) : registry.getSingleMetricAsString(name);
}

/** Small enough that what is joined is still in the fast part of memory and dies there. */
const PIECES_AT_ONCE = 4_096;

/**
 * Joins many short pieces at a time: adding them up one by one makes an object for each sum, all of them alive until the
 * end, and collecting those takes as long as everything else.
 */
function writeText<Label extends string>(definition: SnapshotDefinition<Label>, type: 'gauge' | 'counter'): string {
  const { name, help, labelNames, read } = definition;
  const heads = labelNames.map((label, index) => (index === 0 ? `\n${name}{${label}="` : `",${label}="`));
  const beforeValue = labelNames.length === 0 ? `\n${name} ` : '"} ';
  let text = `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}`;
  let pieces: string[] = [];
  for (const { labels, value } of read()) {
    for (const [index, label] of labelNames.entries()) pieces.push(heads[index] ?? '', escapeLabel(labels[label]));
    pieces.push(beforeValue, String(value));
    if (pieces.length < PIECES_AT_ONCE) continue;
    text += pieces.join('');
    pieces = [];
  }
  return text + pieces.join('');
}

const NEEDS_ESCAPE = /["\\\n]/;

function escapeLabel(value: string): string {
  if (!NEEDS_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
