// A hard bound on requests in any hour: whatever a schedule or a retry wants, no more than this leaves the machine.

const HOUR_MS = 3_600_000;

export class RequestBudget {
  readonly limit: number;
  #sentAt: number[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Requests of the last hour. @param nowMs monotonic milliseconds */
  used(nowMs: number): number {
    this.#sentAt = this.#sentAt.filter((at) => nowMs - at < HOUR_MS);
    return this.#sentAt.length;
  }

  /** Takes one request out of the budget. @returns false when the hour is spent */
  take(nowMs: number): boolean {
    if (this.used(nowMs) >= this.limit) return false;
    this.#sentAt.push(nowMs);
    return true;
  }

  /** Until a request may be sent, milliseconds; 0 now. */
  waitMs(nowMs: number): number {
    if (this.used(nowMs) < this.limit) return 0;
    return Math.max(0, (this.#sentAt[0] ?? nowMs) + HOUR_MS - nowMs);
  }
}
