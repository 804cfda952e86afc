// The liquidations that the sessions of one connection have delivered lately, as columns of numbers: cheap to write for every
// liquidation, searched only for the few that another session may have delivered too.
import type { Liquidation } from '../events.ts';

const FIRST_CAPACITY = 64;

interface Columns {
  readonly times: Float64Array;
  readonly prices: Float64Array;
  readonly notionals: Float64Array;
  /** The session's number times two, and one more where a short position was closed. */
  readonly tags: Uint32Array;
  readonly instruments: string[];
}

export class SeenLiquidations {
  readonly #capacity: number;
  #columns = allocate(FIRST_CAPACITY);
  #next = 0;
  #size = 0;
  /** The newest event time, which session delivered it, and the newest that any other session delivered. */
  #newest = Number.NEGATIVE_INFINITY;
  #newestBy = -1;
  #secondNewest = Number.NEGATIVE_INFINITY;

  /** @param capacity how many are remembered; the oldest makes room */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** @param session its number, 0 or more */
  add(event: Liquidation, session: number): void {
    const { times, prices, notionals, tags, instruments } = this.#room();
    const index = this.#next;
    times[index] = event.eventTime;
    prices[index] = event.priceUsd;
    notionals[index] = event.notionalUsd;
    tags[index] = tagOf(event, session);
    instruments[index] = event.instrumentId;
    this.#next = index + 1;
    if (this.#size < this.#next) this.#size = this.#next;
    this.#noteTime(event.eventTime, session);
  }

  /**
   * Whether another session has delivered an equal liquidation more often than this one has so far. A liquidation newer than
   * everything that the other sessions delivered cannot be a duplicate: that answers almost every question without a search.
   */
  isSeenMoreByAnother(event: Liquidation, session: number): boolean {
    const newestOfOthers = session === this.#newestBy ? this.#secondNewest : this.#newest;
    if (event.eventTime > newestOfOthers) return false;
    const counts = new Map<number, number>();
    for (const index of this.#equals(event)) {
      const other = this.#tag(index) >> 1;
      counts.set(other, (counts.get(other) ?? 0) + 1);
    }
    const own = counts.get(session) ?? 0;
    return [...counts.values()].some((count) => count > own);
  }

  #equals(event: Liquidation): readonly number[] {
    const { times, prices, notionals, instruments } = this.#columns;
    const side = tagOf(event, 0);
    const found: number[] = [];
    for (let index = times.indexOf(event.eventTime); index >= 0; index = times.indexOf(event.eventTime, index + 1)) {
      const isEqual =
        prices[index] === event.priceUsd &&
        notionals[index] === event.notionalUsd &&
        instruments[index] === event.instrumentId &&
        this.#tag(index) % 2 === side;
      if (isEqual) found.push(index);
    }
    return found;
  }

  #tag(index: number): number {
    return Number(this.#columns.tags[index]);
  }

  #noteTime(time: number, session: number): void {
    if (session === this.#newestBy) {
      if (time > this.#newest) this.#newest = time;
    } else if (time > this.#newest) {
      this.#secondNewest = this.#newest;
      this.#newest = time;
      this.#newestBy = session;
    } else if (time > this.#secondNewest) this.#secondNewest = time;
  }

  /** The columns with room at `#next`: twice as large ones when they are full, and from the bound on in a circle. */
  #room(): Columns {
    const present = this.#columns.times.length;
    if (this.#next < Math.min(present, this.#capacity)) return this.#columns;
    if (present >= this.#capacity) this.#next = 0;
    else this.#columns = grow(this.#columns, Math.min(present * 2, this.#capacity));
    return this.#columns;
  }
}

function tagOf({ liquidatedSide }: Liquidation, session: number): number {
  return session * 2 + (liquidatedSide === 'short' ? 1 : 0);
}

function allocate(capacity: number): Columns {
  return {
    times: new Float64Array(capacity),
    prices: new Float64Array(capacity),
    notionals: new Float64Array(capacity),
    tags: new Uint32Array(capacity),
    instruments: [],
  };
}

function grow(from: Columns, capacity: number): Columns {
  const to = allocate(capacity);
  to.times.set(from.times);
  to.prices.set(from.prices);
  to.notionals.set(from.notionals);
  to.tags.set(from.tags);
  return { ...to, instruments: from.instruments };
}
