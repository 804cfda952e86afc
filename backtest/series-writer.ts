// What one target (the simulated exporter, or one rule) shows at successive moments → samples. A value that stays is written
// again only every few minutes, well inside the five minutes for which Prometheus looks back; a series that is gone ends
// with a staleness marker. So every query sees what it would see after scrapes at every moment.
import { encodeLabels, encodeWriteRequest } from './remote-write.ts';

/** Of the five minutes that an unchanged sample stays visible. */
const KEEP_ALIVE_MS = 240_000;
/** Samples gathered before they are sent: two megabytes. */
const BATCH_SAMPLES = 100_000;

/** One series of a target; made by `SeriesWriter.series`, kept by who fills it. */
export interface SeriesHandle {
  readonly labels: Buffer;
  /** Every sample is written: something asks for a range of this series, where samples are counted. */
  readonly isDense: boolean;
  times: number[];
  values: (number | undefined)[];
  value: number | undefined;
  writtenAt: number;
  seenAt: number;
}

export type Send = (body: Buffer) => Promise<void>;

/** Gathers the samples of all writers into requests. */
export class SampleBatch {
  readonly #send: Send;
  #touched: SeriesHandle[] = [];
  #samples = 0;
  #total = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Samples written so far. */
  get total(): number {
    return this.#total;
  }

  get isFull(): boolean {
    return this.#samples >= BATCH_SAMPLES;
  }

  add(handle: SeriesHandle, time: number, value: number | undefined): void {
    if (handle.times.length === 0) this.#touched.push(handle);
    handle.times.push(time);
    handle.values.push(value);
    this.#samples++;
  }

  async flush(): Promise<void> {
    if (this.#samples === 0) return;
    const body = encodeWriteRequest(this.#touched);
    for (const handle of this.#touched) {
      handle.times = [];
      handle.values = [];
    }
    this.#total += this.#samples;
    this.#touched = [];
    this.#samples = 0;
    await this.#send(body);
  }
}

/** One target. `begin`, then `set` for each series that it shows, then `end`; in the order of time. */
export class SeriesWriter {
  readonly #batch: SampleBatch;
  readonly #dense: ReadonlySet<string>;
  #present: SeriesHandle[] = [];
  #now = Number.NEGATIVE_INFINITY;

  /** @param dense names of series of which every sample is to be written */
  constructor(batch: SampleBatch, dense: ReadonlySet<string>) {
    this.#batch = batch;
    this.#dense = dense;
  }

  series(name: string, labels: Readonly<Record<string, string>>): SeriesHandle {
    return {
      labels: encodeLabels({ ...labels, __name__: name }),
      isDense: this.#dense.has(name),
      times: [],
      values: [],
      value: undefined,
      writtenAt: Number.NEGATIVE_INFINITY,
      seenAt: Number.NEGATIVE_INFINITY,
    };
  }

  /** No series is shown at present. */
  get isEmpty(): boolean {
    return this.#present.length === 0;
  }

  begin(now: number): void {
    this.#now = now;
  }

  set(handle: SeriesHandle, value: number): void {
    const isNew = handle.value === undefined;
    if (isNew) this.#present.push(handle);
    handle.seenAt = this.#now;
    const isSame = !isNew && Object.is(handle.value, value);
    if (isSame && !handle.isDense && this.#now - handle.writtenAt < KEEP_ALIVE_MS) return;
    handle.value = value;
    handle.writtenAt = this.#now;
    this.#batch.add(handle, this.#now, value);
  }

  /** Ends what was not shown this time. */
  end(): void {
    if (this.#present.every(({ seenAt }) => seenAt === this.#now)) return;
    this.#present = this.#present.filter((handle) => {
      if (handle.seenAt === this.#now) return true;
      handle.value = undefined;
      this.#batch.add(handle, this.#now, undefined);
      return false;
    });
  }
}
