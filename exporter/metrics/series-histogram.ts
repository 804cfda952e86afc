// A histogram for what happens thousands of times a second: whoever observes holds the series, so that an observation is a
// few additions. prom-client looks up the label set each time, which takes longer than mapping a whole message.
import { Histogram, type HistogramConfiguration, type LabelValues } from 'prom-client';

/** One label set of a histogram. */
export class HistogramSeries {
  readonly #bounds: readonly number[];
  /** By bucket, not yet cumulative; the last one is beyond all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds upper bounds, ascending, each one included */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  get sum(): number {
    return this.#sum;
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > Number(bounds[bucket])) bucket++;
    this.#counts[bucket] = Number(this.#counts[bucket]) + 1;
    this.#sum += value;
  }

  /** How many there were up to each bound, and in all. */
  cumulative(): readonly number[] {
    let sum = 0;
    return Array.from(this.#counts, (count) => {
      sum += count;
      return sum;
    });
  }
}

/** An ordinary prom-client histogram to its registry; it is observed through its series only. */
export class SeriesHistogram<Label extends string> extends Histogram<Label> {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series: { readonly labels: LabelValues<Label>; readonly values: HistogramSeries }[] = [];

  constructor(configuration: HistogramConfiguration<Label> & { readonly buckets: number[] }) {
    super(configuration);
    this.#name = configuration.name;
    this.#help = configuration.help;
    this.#bounds = configuration.buckets;
  }

  /** A label set, at 0. Each once. */
  series(labels: LabelValues<Label>): HistogramSeries {
    const values = new HistogramSeries(this.#bounds);
    this.#series.push({ labels, values });
    return values;
  }

  /** What prom-client reads both its text and `get()` from. */
  async getForPromString() {
    const values = this.#series.flatMap(({ labels, values }) => this.#samples(labels, values));
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }

  #samples(sharedLabels: LabelValues<Label>, values: HistogramSeries) {
    const cumulative = values.cumulative();
    const sample = (suffix: string, value: number, labels: Readonly<Record<string, string | number>> = {}) => {
      return { metricName: `${this.#name}_${suffix}`, value, labels: { ...labels }, sharedLabels };
    };
    return [
      ...cumulative.map((count, bucket) => sample('bucket', count, { le: this.#bounds[bucket] ?? '+Inf' })),
      sample('sum', values.sum),
      sample('count', Number(cumulative.at(-1))),
    ];
  }
}
