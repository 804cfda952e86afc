// Everything kept of liquidations, behind one door: takes each event once, shows counters, windows and bursts.
import { type CanonicalSymbol, type EpochMs, epochMs } from '../../common/brands.ts';
import type { Exchange, Liquidation } from '../events.ts';
import { type Admission, admit } from './admission.ts';
import { toUnits } from './amount.ts';
import type { BurstFront } from './burst.ts';
import { LATE_FLAG } from './event-columns.ts';
import { LiquidationRing } from './liquidation-ring.ts';
import { addToTotals, type LiquidationTotal, LiquidationTotals } from './liquidation-totals.ts';
import type { WindowPart } from './liquidation-window.ts';
import { SymbolTable } from './symbol-table.ts';
import { VenueSides } from './venue-sides.ts';
import { RETENTION_MS } from './window-bounds.ts';
import { WindowedEvents } from './windowed-events.ts';

export interface LiquidationStoreOptions {
  /** Watched symbols; `undefined` watches all. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  /** Every exchange that events may come from. */
  readonly exchanges: readonly Exchange[];
  readonly ringSize: number;
  /** Events kept of one symbol within 50 s: 2^18 is 5,200 a second, nine megabytes, given back after the storm. */
  readonly maxSymbolEvents?: number;
  /** Events kept of the whole market within 50 s: 2^20 is 20,000 a second, 35 megabytes, given back too. */
  readonly maxMarketEvents?: number;
  /** As in `WindowedEventsOptions`. */
  readonly denseFrom?: number | undefined;
}

export interface SymbolView {
  readonly symbol: CanonicalSymbol;
  readonly window: readonly WindowPart[];
  readonly bursts: BurstFront;
}

export interface MarketBurst {
  readonly burst: BurstFront['slots'][number];
  /** Of which symbol the largest single liquidation of the window is. */
  readonly largestSymbol: CanonicalSymbol;
  /** The symbols with most notional, largest first, at most five. */
  readonly topSymbols: readonly { readonly symbol: CanonicalSymbol; readonly notionalUsd: number }[];
}

export interface MarketView {
  readonly window: readonly WindowPart[];
  readonly bursts: readonly MarketBurst[];
  readonly points: number;
}

/** What is kept of one symbol, behind the one look-up that each of its liquidations costs. */
interface KeptSymbol {
  readonly number: number;
  /** Its counters, where it is watched. */
  readonly totals: Float64Array | undefined;
  /** While it is watched and had a liquidation in the last 50 s. */
  events: WindowedEvents | undefined;
}

export class LiquidationStore {
  readonly recent: LiquidationRing;
  readonly #symbolTable = new SymbolTable();
  readonly #sides: VenueSides;
  readonly #watched: ReadonlySet<CanonicalSymbol> | undefined;
  readonly #maxSymbolEvents: number;
  readonly #denseFrom: number | undefined;
  readonly #totals: LiquidationTotals;
  readonly #late: Map<Exchange, number>;
  readonly #kept = new Map<CanonicalSymbol, KeptSymbol>();
  readonly #market: WindowedEvents;
  /** Written anew for each liquidation: whoever keeps one copies the numbers, and nothing has to be collected. */
  readonly #event = { time: Number.NaN, arrival: Number.NaN, amount: Number.NaN, extra: Number.NaN, code: 0 };
  #droppedOfGone = 0;

  constructor({
    symbols,
    exchanges,
    ringSize,
    maxSymbolEvents = 2 ** 18,
    maxMarketEvents = 2 ** 20,
    denseFrom,
  }: LiquidationStoreOptions) {
    this.#sides = new VenueSides(exchanges);
    this.#late = new Map(exchanges.map((exchange) => [exchange, 0]));
    this.recent = new LiquidationRing(ringSize, this.#symbolTable, this.#sides);
    this.#watched = symbols && new Set(symbols);
    this.#maxSymbolEvents = maxSymbolEvents;
    this.#denseFrom = denseFrom;
    this.#totals = new LiquidationTotals(symbols ?? [], this.#sides);
    this.#market = new WindowedEvents({
      maxEvents: maxMarketEvents,
      sides: this.#sides,
      topOf: () => this.#symbolTable.size,
      denseFrom,
    });
  }

  /**
   * Takes one liquidation. `offsetMs` is our clock minus the venue's (`clock-offset.ts`). The answer `future` or
   * `absurd` means that nothing was kept and the caller counts a reject (`rejectReasonOf`).
   */
  take(liquidation: Liquidation, offsetMs: number): Admission {
    const { exchange, symbol, receiveTime, notionalUsd } = liquidation;
    const time = epochMs(liquidation.eventTime + Math.round(offsetMs));
    const admission = admit({ time, receiveTime, notionalUsd });
    if (admission === 'future' || admission === 'absurd') return admission;

    const kept = this.#kept.get(symbol) ?? this.#keep(symbol);
    const code = this.#sides.codeOf(exchange, liquidation.liquidatedSide);
    const isLate = admission === 'late';
    if (isLate) this.#late.set(exchange, (this.#late.get(exchange) ?? 0) + 1);
    if (kept.totals) addToTotals(kept.totals, code, notionalUsd);
    this.recent.push(liquidation, kept.number, code);
    if (time <= receiveTime - RETENTION_MS) return admission;

    const event = this.#event;
    event.time = time;
    event.arrival = receiveTime;
    event.amount = toUnits(notionalUsd);
    event.code = code | (isLate ? LATE_FLAG : 0);
    event.extra = kept.number;
    this.#market.append(event);
    if (!kept.totals) return admission;
    event.extra = liquidation.priceUsd;
    this.#eventsOf(kept).append(event);
    return admission;
  }

  /** Counters of watched symbols; those of listed symbols exist at 0. */
  totals(): Iterable<LiquidationTotal> {
    return this.#totals.read();
  }

  /** Liquidations of any symbol that were older than 10 s on arrival. */
  lateTotals(): readonly (readonly [Exchange, number])[] {
    return [...this.#late];
  }

  /** Events that left a window before their time because more came than it may hold; windows are lower bounds then. */
  droppedTotal(): number {
    let dropped = this.#droppedOfGone + this.#market.dropped;
    for (const { events } of this.#kept.values()) dropped += events?.dropped ?? 0;
    return dropped;
  }

  /** Watched symbols that had a liquidation in the last 50 s; of the others there is nothing to tell, and nothing kept. */
  symbolViews(now: EpochMs): readonly SymbolView[] {
    const views: SymbolView[] = [];
    for (const [symbol, kept] of this.#kept) {
      const reading = kept.events?.read(now);
      if (reading) views.push({ symbol, ...reading });
      else {
        this.#droppedOfGone += kept.events?.dropped ?? 0;
        kept.events = undefined;
      }
    }
    return views;
  }

  /** The same over every symbol that the venues send, watched or not. */
  marketView(now: EpochMs): MarketView {
    const reading = this.#market.read(now);
    if (!reading) return { window: [], bursts: [], points: 0 };
    const { slots, points } = reading.bursts;
    const bursts = slots.map((burst) => ({
      burst,
      largestSymbol: this.#symbolTable.symbolOf(burst.largestExtra),
      topSymbols: burst.top.map(({ extra, notionalUsd }) => ({
        symbol: this.#symbolTable.symbolOf(extra),
        notionalUsd,
      })),
    }));
    return { window: reading.window, bursts, points };
  }

  #keep(symbol: CanonicalSymbol): KeptSymbol {
    const isWatched = this.#watched === undefined || this.#watched.has(symbol);
    const number = this.#symbolTable.idOf(symbol);
    const kept = { number, totals: isWatched ? this.#totals.cellsOf(symbol) : undefined, events: undefined };
    this.#kept.set(symbol, kept);
    return kept;
  }

  #eventsOf(kept: KeptSymbol): WindowedEvents {
    kept.events ??= new WindowedEvents({
      maxEvents: this.#maxSymbolEvents,
      sides: this.#sides,
      denseFrom: this.#denseFrom,
    });
    return kept.events;
  }
}
