// One listing of contracts being mapped: what every venue's rows must hold before they become instruments.

import { canonicalBase } from '../../../common/canonical-symbols.ts';
import type { CatalogueAnswer } from '../../catalogue/contract-list.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { Exchange, Reject } from '../../events.ts';
import { clipDetail, describe } from './describe.ts';

/** USDT and USDC count as US dollars at par; nothing else does (BUSD, FDUSD, EUR, BTC ... are no dollar figures here). */
const USD_QUOTES: ReadonlySet<string> = new Set(['USD', 'USDT', 'USDC']);
const MAX_ID_LENGTH = 64;

/** A row in the venue's values, not yet checked. */
export interface Listing {
  readonly instrumentId: unknown;
  readonly base: unknown;
  readonly quote: unknown;
  readonly isPerpetual: boolean;
  readonly margin: 'linear' | 'inverse';
  /** As `Instrument.contractValue`; NaN where the venue gave none. */
  readonly contractValue: number;
}

/** Collects the contracts of one answer; a `CatalogueAnswer` at every moment. */
export class CatalogueBuilder implements CatalogueAnswer {
  readonly instruments: Instrument[] = [];
  readonly rejects: Reject[] = [];
  nextCursor: string | undefined;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  rejectShape(detail: string): void {
    this.rejects.push({ reason: 'unknown_shape', detail: clipDetail(detail) });
  }

  rejectField(instrumentId: unknown, field: string, value: unknown): void {
    const detail = `${describe(instrumentId)}: ${field} is ${describe(value)}`;
    this.rejects.push({ reason: 'invalid_field', detail: clipDetail(detail) });
  }

  add({ instrumentId, base, quote, isPerpetual, margin, contractValue }: Listing): void {
    if (typeof instrumentId !== 'string' || instrumentId === '' || instrumentId.length > MAX_ID_LENGTH) {
      this.rejectField(instrumentId, 'contract name', instrumentId);
      return;
    }
    if (typeof quote !== 'string' || quote === '') {
      this.rejectField(instrumentId, 'quote', quote);
      return;
    }
    if (!(contractValue > 0 && contractValue < Number.POSITIVE_INFINITY)) {
      this.rejectField(instrumentId, 'contract value', contractValue);
      return;
    }
    const canonical = typeof base === 'string' ? canonicalBase(base) : undefined;
    if (canonical === undefined) {
      this.rejectField(instrumentId, 'base', base);
      return;
    }
    const upperQuote = quote.toUpperCase();
    this.instruments.push({
      exchange: this.#exchange,
      instrumentId,
      symbol: canonical.symbol,
      multiplier: canonical.multiplier,
      isPerpetual,
      margin,
      contractValue,
      quote: upperQuote,
      isUsdQuoted: USD_QUOTES.has(upperQuote),
    });
  }
}
