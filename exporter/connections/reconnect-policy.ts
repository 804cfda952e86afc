// When to try again: backoff after each failure, and a circuit breaker for the venue that lets us in and throws us out.
import { type Backoff, backoffDelayMs } from '../../common/backoff.ts';

/** 1, 2, 4, 8, 16 s with a fifth of jitter. */
const BACKOFF: Backoff = { baseMs: 1_000, capMs: 16_000, jitterRatio: 0.2 };
const STORM_RECONNECTS = 10;
const STORM_WINDOW_MS = 120_000;
/**
 * While open: one attempt every 12 to 15 s, so that a venue that is back is heard within that. At most 25 connections in
 * five minutes for each route, far from what the venues allow one address: Binance 300 and Bybit 500 in five minutes, OKX
 * 3 a second.
 */
const OPEN_DELAY: Backoff = { baseMs: 15_000, capMs: 15_000, jitterRatio: 0.2 };
const CLOSES_AFTER_MS = 60_000;
/** A connection that gave data this long was a good one: the next failure begins at one second again. */
const STABLE_AFTER_MS = 30_000;

/** One route's memory of its failures. Times are monotonic milliseconds. */
export class ReconnectPolicy {
  readonly #random: () => number;
  #attempt = 0;
  #failures: number[] = [];
  #isOpen = false;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get circuit(): 'closed' | 'open' {
    return this.#isOpen ? 'open' : 'closed';
  }

  /** Data has been flowing for this long without a break. Half-open becomes closed after a minute of it. */
  recordData(stableForMs: number): void {
    if (stableForMs >= STABLE_AFTER_MS) this.#attempt = 0;
    if (stableForMs >= CLOSES_AFTER_MS && this.#isOpen) {
      this.#isOpen = false;
      this.#failures = [];
    }
  }

  /** Notes a failure. @returns the wait before the next attempt, milliseconds, at least `leastMs` */
  recordFailure(nowMs: number, leastMs = 0): number {
    this.#failures = [...this.#failures.filter((at) => nowMs - at < STORM_WINDOW_MS), nowMs];
    if (this.#failures.length > STORM_RECONNECTS) this.#isOpen = true;
    const backoff = this.#isOpen ? OPEN_DELAY : BACKOFF;
    const delayMs = backoffDelayMs(this.#attempt, backoff, this.#random);
    this.#attempt += 1;
    return Math.max(delayMs, leastMs);
  }
}
