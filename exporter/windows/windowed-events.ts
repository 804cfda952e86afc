// The recent liquidations of one symbol, or of the whole market, and the readings taken of them. A quiet stream is
// searched as it is; a dense one through an index of its seconds, which comes and goes with the storm.
import type { EpochMs } from '../../common/brands.ts';
import { type BurstFront, burstFront } from './burst.ts';
import { denseBurstFront } from './dense-burst.ts';
import { EventColumns, type StoredEvent } from './event-columns.ts';
import { type WindowPart, windowTotals } from './liquidation-window.ts';
import { SecondIndex } from './second-index.ts';
import type { VenueSides } from './venue-sides.ts';
import { HOLD_MS } from './window-bounds.ts';

export interface WindowedReading {
  readonly window: readonly WindowPart[];
  readonly bursts: BurstFront;
}

export interface WindowedEventsOptions {
  readonly maxEvents: number;
  readonly sides: VenueSides;
  /** How many numbers the `extra` column knows, where bursts name the top of them; 0 by default. */
  readonly topOf?: () => number;
  /** From this many events on the stream counts as dense; below a quarter of it no longer. */
  readonly denseFrom?: number | undefined;
}

/** About where the index begins to cost less than it saves. */
const DENSE_FROM = 2_048;
const NO_BURSTS: BurstFront = { slots: [], points: 0 };

export class WindowedEvents {
  readonly #columns: EventColumns;
  readonly #sides: VenueSides;
  readonly #topOf: () => number;
  readonly #denseFrom: number;
  #index: SecondIndex | undefined;

  constructor({ maxEvents, sides, topOf = () => 0, denseFrom = DENSE_FROM }: WindowedEventsOptions) {
    this.#columns = new EventColumns(maxEvents, sides);
    this.#sides = sides;
    this.#topOf = topOf;
    this.#denseFrom = denseFrom;
  }

  get dropped(): number {
    return this.#columns.dropped;
  }

  append(event: StoredEvent): void {
    this.#columns.append(event);
    this.#index?.note(event, this.#columns.changes);
  }

  /** `undefined` when nothing is left of the last 50 s. */
  read(now: EpochMs): WindowedReading | undefined {
    const view = this.#columns.view(now);
    const size = view.end - view.start;
    if (size >= this.#denseFrom) this.#index ??= new SecondIndex(this.#sides, this.#topOf);
    else if (size * 4 < this.#denseFrom) this.#index = undefined;
    this.#index?.refresh(view, now);
    if (size === 0) return undefined;
    const window = windowTotals(view, now, this.#index);
    if (this.#columns.lastArrival <= now - HOLD_MS) return { window, bursts: NO_BURSTS };
    const extras = this.#topOf();
    const bursts = this.#index ? denseBurstFront(view, this.#index, now, extras) : burstFront(view, now, extras);
    return { window, bursts };
  }
}
