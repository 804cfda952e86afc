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
  // Two rings of numbers: every liquidation adds one, next to none is ever asked for.
  readonly #values = new Float64Array(KEPT);
  readonly #times = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  add(value: number, now: number): void {
    this.#values[this.#next] = value;
    this.#times[this.#next] = now;
    this.#next = this.#next === KEPT - 1 ? 0 : this.#next + 1;
  }

  /** `undefined` before there are five values from ten seconds, and two minutes after the last ones. */
  median(now: number): number | undefined {
    const samples = this.#oldestFirst().filter(({ at }) => at > now - FORGET_AFTER_MS);
    const stretchMs = Number(samples.at(-1)?.at) - Number(samples[0]?.at);
    if (samples.length < ENOUGH || stretchMs < ENOUGH_STRETCH_MS) return undefined;
    return samples.map(({ value }) => value).sort((one, other) => one - other)[samples.length >> 1];
  }

  #oldestFirst(): readonly Sample[] {
    return Array.from({ length: KEPT }, (_, age) => {
      const index = (this.#next + age) % KEPT;
      return { value: Number(this.#values[index]), at: Number(this.#times[index]) };
    });
  }
}
