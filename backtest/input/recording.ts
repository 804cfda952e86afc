// What the files hold, gathered: events in our vocabulary, and what could not be read.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { Exchange, Liquidation, MarketEvent, MarkPrice, OpenInterest } from '../../exporter/events.ts';

/** A row that was skipped. */
export interface Fault {
  readonly file: string;
  /** Counted from 1, the header included. */
  readonly line: number;
  readonly reason: string;
}

/** Of all faults this many are kept word for word; all are counted. */
export const MAX_FAULTS = 1_000;

export interface Recording {
  /** In the order of their arrival. */
  readonly liquidations: readonly Liquidation[];
  /** In the order of their arrival. */
  readonly state: readonly (OpenInterest | MarkPrice)[];
  readonly faults: readonly Fault[];
  readonly faultCount: number;
}

export class RecordingBuilder {
  readonly #liquidations: Liquidation[] = [];
  readonly #state: (OpenInterest | MarkPrice)[] = [];
  readonly #faults: Fault[] = [];
  #faultCount = 0;

  add(event: MarketEvent): void {
    if (event.type === 'liquidation') this.#liquidations.push(event);
    else this.#state.push(event);
  }

  fault(fault: Fault): void {
    this.#faultCount++;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }

  finish(): Recording {
    return {
      liquidations: this.#liquidations.sort(byArrival),
      state: this.#state.sort(byArrival),
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }
}

/** The venues that a recording has something of. */
export function exchangesIn({ liquidations, state }: Recording): readonly Exchange[] {
  return [...new Set([...liquidations, ...state].map(({ exchange }) => exchange))];
}

export function symbolsIn(events: readonly { readonly symbol: CanonicalSymbol }[]): readonly CanonicalSymbol[] {
  return [...new Set(events.map(({ symbol }) => symbol))].sort();
}

function byArrival(one: MarketEvent, other: MarketEvent): number {
  return one.receiveTime - other.receiveTime;
}
