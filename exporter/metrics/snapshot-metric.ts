// Metrics whose values are read when somebody scrapes: emptied and filled each time, so that a series is there exactly
// as long as its source gives it. prom-client alone would keep every label set that was ever seen.
//
// They are ordinary prom-client metrics in an ordinary registry; only their text is also written here, because the
// library needs about 4 µs for each series and all perpetuals of three venues make tens of thousands.
import { Counter, Gauge, type Metric, type Registry } from 'prom-client';

export interface Sample<Label extends string, Value = number> {
  /** In the order of `labelNames`. */
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: Value;
}

export interface Family<Value> {
  readonly name: string;
  /** One sentence: what, unit, source. */
  readonly help: string;
  /** `undefined` where this family has no series of it. */
  readonly figure: (value: Value) => number | undefined;
}

/** Families that tell several figures of the same things: what they are labelled with is gathered and written once. */
export interface FamilyGroup<Label extends string, Value> {
  readonly type: 'gauge' | 'counter';
  readonly labelNames: readonly Label[];
  readonly families: readonly Family<Value>[];
  /** What there is at this moment, each label set once. Must not wait. */
  readonly read: () => Iterable<Sample<Label, Value>>;
}

export type SnapshotDefinition<Label extends string> = Pick<Family<number>, 'name' | 'help'> &
  Pick<FamilyGroup<Label, number>, 'labelNames' | 'read'>;

export function registerGauge<Label extends string>(registry: Registry, definition: SnapshotDefinition<Label>): void {
  registerFamilies(registry, asGroup('gauge', definition));
}

export function registerCounter<Label extends string>(registry: Registry, definition: SnapshotDefinition<Label>): void {
  registerFamilies(registry, asGroup('counter', definition));
}

function asGroup<Label extends string>(
  type: FamilyGroup<Label, number>['type'],
  { name, help, labelNames, read }: SnapshotDefinition<Label>,
): FamilyGroup<Label, number> {
  return { type, labelNames, read, families: [{ name, help, figure: (value) => value }] };
}

/** Writes a family, or the families of one group, in pieces that are to be joined. */
export type Writer = () => readonly string[] | Promise<readonly string[]>;

/** The families of one group have the same. */
const writers = new WeakMap<Metric, Writer>();

export function registerFamilies<Label extends string, Value>(
  registry: Registry,
  group: FamilyGroup<Label, Value>,
): void {
  const write = () => writeGroup(group);
  for (const { name, help, figure } of group.families) {
    const { labelNames } = group;
    const figures = function* () {
      for (const { labels, value } of group.read()) {
        const number = figure(value);
        if (number !== undefined) yield { labels, value: number };
      }
    };
    const metric =
      group.type === 'gauge'
        ? new Gauge({
            name,
            help,
            labelNames,
            registers: [registry],
            collect() {
              this.reset();
              for (const { labels, value } of figures()) this.set(labels, value);
            },
          })
        : new Counter({
            name,
            help,
            labelNames,
            registers: [registry],
            collect() {
              this.reset();
              for (const { labels, value } of figures()) this.inc(labels, value);
            },
          });
    writers.set(metric, write);
  }
}

/** What writes a registry: all their pieces, with an empty line between two of them, are `registry.metrics()`. */
export function registryWriters(registry: Registry): readonly Writer[] {
  const found = new Set<Writer>();
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    found.add((metric && writers.get(metric)) ?? (async () => [await registry.getSingleMetricAsString(name), '\n']));
  }
  return [...found];
}

function writeGroup<Label extends string, Value>({
  type,
  labelNames,
  families,
  read,
}: FamilyGroup<Label, Value>): readonly string[] {
  const open = families.map(({ name, help, figure }) => ({ text: new FamilyText(name, help, type), figure }));
  const heads = labelNames.map((label, index) => `${index === 0 ? '{' : '",'}${label}="`);
  for (const { labels, value } of read()) {
    let labelText = '';
    for (const [index, label] of labelNames.entries()) labelText += heads[index] + escapeLabel(labels[label]);
    labelText += labelNames.length === 0 ? ' ' : '"} ';
    for (const { text, figure } of open) {
      const number = figure(value);
      if (number !== undefined) text.add(labelText, number);
    }
  }
  return open.flatMap(({ text }, index) => (index === 0 ? text.end() : ['\n', ...text.end()]));
}

/** Small enough that what is joined is still in the fast part of memory and dies there. */
const WORDS_AT_ONCE = 1_024;

/**
 * The text of one family. Joins many words at a time: adding them up one by one makes an object for each sum, all of them
 * alive until the end, and collecting those takes as long as everything else.
 */
class FamilyText {
  readonly #head: string;
  readonly #pieces: string[];
  #words: string[] = [];

  constructor(name: string, help: string, type: FamilyGroup<string, unknown>['type']) {
    this.#head = `\n${name}`;
    const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    this.#pieces = [`# HELP ${name} ${escaped}\n# TYPE ${name} ${type}`];
  }

  add(labelText: string, value: number): void {
    if (this.#words.push(this.#head, labelText, valueText(value)) >= WORDS_AT_ONCE) this.#join();
  }

  end(): readonly string[] {
    this.#words.push('\n');
    this.#join();
    return this.#pieces;
  }

  #join(): void {
    this.#pieces.push(this.#words.join(''));
    this.#words = [];
  }
}

/** As the text format spells it: an infinite figure is `+Inf` there, and `NaN` is what it is here. */
function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

const NEEDS_ESCAPE = /["\\\n]/;

function escapeLabel(value: string): string {
  if (!NEEDS_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
