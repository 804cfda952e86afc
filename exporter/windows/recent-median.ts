// The median of the last few numbers of a stream, once there are enough to believe: for values that are each
// unreliable, such as a clock's offset read off event times that come late by an unknown amount.

const KEPT = 15;
const ENOUGH = 5;
/** One batch is one opinion: the values must come from a stretch at least this long. */
const ENOUGH_STRETCH_MS = 10_000;
const FORGET_AFTER_MS = 120_000;

interface Sample {
  readonly value: number;
  readonly at: number;
}

export class RecentMedian {
  #samples: readonly Sample[] = [];

  add(value: number, now: number): void {
    this.#samples = [...this.#samples, { value, at: now }].slice(-KEPT);
  }

  /** `undefined` before there are five values from ten seconds, and two minutes after the last ones. */
  median(now: number): number | undefined {
    const samples = this.#samples.filter(({ at }) => at > now - FORGET_AFTER_MS);
    const stretchMs = Number(samples.at(-1)?.at) - Number(samples[0]?.at);
    if (samples.length < ENOUGH || stretchMs < ENOUGH_STRETCH_MS) return undefined;
    return samples.map(({ value }) => value).sort((one, other) => one - other)[samples.length >> 1];
  }
}
