// One message being mapped: the rules that are the same on every venue (contract lookup, dollar quotes, plausible figures,
// canonical units) stand here once. Knows no venue's field names.

import { type EpochMs, epochMs, usd } from '../../../common/brands.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import {
  type Exchange,
  MAX_LIQUIDATION_USD,
  type MappedMessage,
  type MarketEvent,
  type Reject,
  type RejectReason,
  type Side,
} from '../../events.ts';
import { clipDetail, describe } from './describe.ts';
import { readNumber, readTime } from './numeric.ts';

// Far above anything a market has shown, far below what a hostile frame would say: beyond them a figure is a fault.
const MAX_PRICE_USD = 1e9;
const MAX_OPEN_INTEREST_USD = 1e13;
const MAX_OPEN_INTEREST_BASE = 1e21;

const NONE: readonly never[] = [];

/** Collects what one message says; a `MappedMessage` at every moment. */
export class MessageBuilder implements MappedMessage {
  sentTime: EpochMs | undefined;
  // Most messages hold one event and no reject: a list is made when there is something to put in, and no larger.
  #events: MarketEvent[] | undefined;
  #rejects: Reject[] | undefined;
  readonly #exchange: Exchange;
  readonly #context: MapContext;

  constructor(exchange: Exchange, context: MapContext) {
    this.#exchange = exchange;
    this.#context = context;
  }

  get events(): readonly MarketEvent[] {
    return this.#events ?? NONE;
  }

  get rejects(): readonly Reject[] {
    return this.#rejects ?? NONE;
  }

  reject(reason: RejectReason, detail: string): void {
    const reject = { reason, detail: clipDetail(detail) };
    if (this.#rejects) this.#rejects.push(reject);
    else this.#rejects = [reject];
  }

  rejectField(owner: unknown, field: string, value: unknown): void {
    this.reject('invalid_field', `${describe(owner)}: ${field} is ${describe(value)}`);
  }

  /** Keeps the latest of the times at which the venue says it sent the message; an implausible one is no sample. */
  noteSentTime(value: unknown): void {
    const time = readTime(value);
    if (time >= (this.sentTime ?? 0)) this.sentTime = epochMs(time);
  }

  /** The contract of that name, or a reject. */
  findInstrument(instrumentId: unknown): Instrument | undefined {
    const instrument = this.findListed(instrumentId);
    if (instrument === undefined && typeof instrumentId === 'string') {
      this.reject('unknown_instrument', describe(instrumentId));
    }
    return instrument;
  }

  /**
   * The same for a row of an answer that names every contract there is: one that does not trade, or is left out of the
   * catalogue on purpose, comes with each answer and is no fault worth counting.
   */
  findListed(instrumentId: unknown): Instrument | undefined {
    if (typeof instrumentId === 'string') return this.#context.instrument(instrumentId);
    this.reject('invalid_field', `contract name is ${describe(instrumentId)}`);
    return undefined;
  }

  /**
   * @param size in the venue's unit: base units or contracts (linear), contracts (inverse); see `Instrument.contractValue`
   * @param price in the quote currency, per venue base unit
   * @param time milliseconds, venue clock
   */
  addLiquidation(instrument: Instrument, liquidatedSide: Side, size: unknown, price: unknown, time: unknown): void {
    if (!instrument.isUsdQuoted) {
      this.reject('quote_not_usd', `${describe(instrument.instrumentId)} is quoted in ${instrument.quote}`);
      return;
    }
    const units = readNumber(size) * instrument.contractValue;
    if (!(units > 0)) {
      this.rejectField(instrument.instrumentId, 'size', size);
      return;
    }
    const venuePrice = readNumber(price);
    const canonicalPrice = venuePrice / instrument.multiplier;
    if (!isPrice(canonicalPrice)) {
      this.rejectField(instrument.instrumentId, 'price', price);
      return;
    }
    const eventTime = readTime(time);
    if (!(eventTime > 0)) {
      this.rejectField(instrument.instrumentId, 'time', time);
      return;
    }
    // An inverse contract is worth a fixed number of dollars, whatever its price. A multiplier cancels out.
    const notional = instrument.margin === 'inverse' ? units : units * venuePrice;
    if (!(notional > 0 && notional <= MAX_LIQUIDATION_USD)) {
      this.rejectField(instrument.instrumentId, 'notional', notional);
      return;
    }
    this.#add({
      type: 'liquidation',
      exchange: this.#exchange,
      instrumentId: instrument.instrumentId,
      symbol: instrument.symbol,
      liquidatedSide,
      priceUsd: usd(canonicalPrice),
      notionalUsd: usd(notional),
      eventTime: epochMs(eventTime),
      receiveTime: this.#context.receiveTime,
    });
  }

  /**
   * Open interest of a perpetual in dollars, one side counted; zero is a figure like any other. That of a dated future or
   * of another quote is left out without a word: it is none of the covered contracts, and comes with every bulk answer.
   * @param size in the same unit as a liquidation's
   */
  addOpenInterest(instrument: Instrument, size: unknown): void {
    if (!instrument.isPerpetual || !instrument.isUsdQuoted) return;
    const units = readNumber(size) * instrument.contractValue;
    const isInverse = instrument.margin === 'inverse';
    const quantity = isInverse ? units : units * instrument.multiplier;
    if (!(quantity <= (isInverse ? MAX_OPEN_INTEREST_USD : MAX_OPEN_INTEREST_BASE))) {
      this.rejectField(instrument.instrumentId, 'open interest', size);
      return;
    }
    this.#add({
      type: 'open_interest',
      exchange: this.#exchange,
      instrumentId: instrument.instrumentId,
      symbol: instrument.symbol,
      baseQuantity: isInverse ? undefined : quantity,
      notionalUsd: isInverse ? usd(quantity) : undefined,
      receiveTime: this.#context.receiveTime,
    });
  }

  /**
   * Mark price of a perpetual in dollars; that of a dated future carries a premium and would blur the symbol's, so it is
   * left out like that of another quote.
   */
  addMarkPrice(instrument: Instrument, price: unknown): void {
    if (!instrument.isPerpetual || !instrument.isUsdQuoted) return;
    const canonicalPrice = readNumber(price) / instrument.multiplier;
    if (!isPrice(canonicalPrice)) {
      this.rejectField(instrument.instrumentId, 'mark price', price);
      return;
    }
    this.#add({
      type: 'mark_price',
      exchange: this.#exchange,
      instrumentId: instrument.instrumentId,
      symbol: instrument.symbol,
      priceUsd: usd(canonicalPrice),
      receiveTime: this.#context.receiveTime,
    });
  }

  #add(event: MarketEvent): void {
    if (this.#events) this.#events.push(event);
    else this.#events = [event];
  }
}

function isPrice(price: number): boolean {
  return price > 0 && price <= MAX_PRICE_USD;
}
