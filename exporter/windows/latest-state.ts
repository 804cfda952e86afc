// The last open interest and mark price of each covered contract, and the figures of a venue and symbol made of them.
// Never a partial sum, never an old one: a figure that cannot be whole and fresh is absent.
import type { CanonicalSymbol, EpochMs, Usd } from '../../common/brands.ts';
import type { Exchange, MarkPrice, OpenInterest } from '../events.ts';

/** What the state must know of a contract; an `Instrument` of the catalogue is one. */
export interface CoveredContract {
  readonly instrumentId: string;
  readonly symbol: CanonicalSymbol;
  readonly margin: 'linear' | 'inverse';
  /** The quote asset, upper case. */
  readonly quote: string;
}

export interface VenueState {
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  /** One side counted, base units, over all covered contracts; `undefined` while one of them is missing or stale. */
  readonly openInterestBase: number | undefined;
  readonly openInterestUsd: number | undefined;
  readonly markPriceUsd: Usd | undefined;
}

interface Contract {
  readonly margin: CoveredContract['margin'];
  readonly rank: number;
  openInterest: OpenInterest | undefined;
  mark: MarkPrice | undefined;
}

interface Covered {
  readonly isWhole: boolean;
  readonly symbols: ReadonlyMap<CanonicalSymbol, ReadonlyMap<string, Contract>>;
}

/** Mark prices come every second by stream, every 15 s by REST: four of those missed is stale. */
export const MAX_MARK_PRICE_AGE_MS = 60_000;

/** The bound on the age of open interest for a venue that completes a round every `cadenceSeconds`: 2.5 rounds, 1 to 10 minutes. */
export function maxStateAgeMs(cadenceSeconds: number | undefined): number {
  return cadenceSeconds === undefined ? 600_000 : Math.min(600_000, Math.max(60_000, cadenceSeconds * 2_500));
}

export class LatestState {
  readonly #covered = new Map<Exchange, Covered>();

  /**
   * Sets the contracts that make up a venue's figures. What is known of those that stay is kept; the others are forgotten.
   * @param isWhole false while further contracts are expected: then there is no open interest, because it would be partial
   */
  cover(exchange: Exchange, contracts: readonly CoveredContract[], isWhole = true): void {
    const before = this.#covered.get(exchange)?.symbols;
    const after = new Map<CanonicalSymbol, Map<string, Contract>>();
    for (const { symbol, instrumentId, margin, quote } of contracts) {
      const known = before?.get(symbol)?.get(instrumentId);
      const contract = { margin, rank: priceRank(margin, quote), openInterest: known?.openInterest, mark: known?.mark };
      const siblings = after.get(symbol) ?? new Map<string, Contract>();
      after.set(symbol, siblings.set(instrumentId, contract));
    }
    this.#covered.set(exchange, { isWhole, symbols: after });
  }

  /** Keeps it if the contract is covered. */
  recordOpenInterest(event: OpenInterest): void {
    const contract = this.#find(event);
    if (contract) contract.openInterest = event;
  }

  /** Keeps it if the contract is covered. */
  recordMarkPrice(event: MarkPrice): void {
    const contract = this.#find(event);
    if (contract) contract.mark = event;
  }

  /** Every covered venue and symbol. `maxAgeMs` says how old a venue's open interest may be. */
  *read(now: EpochMs, maxAgeMs: (exchange: Exchange) => number): Generator<VenueState> {
    for (const exchange of [...this.#covered.keys()].toSorted()) {
      const covered = this.#covered.get(exchange);
      for (const [symbol, contracts] of covered?.symbols ?? []) {
        const markPriceUsd = mainMarkPrice(contracts, now - MAX_MARK_PRICE_AGE_MS);
        const openInterestBase = covered?.isWhole
          ? sumOpenInterest(contracts, now - maxAgeMs(exchange), markPriceUsd)
          : undefined;
        const isWhole = openInterestBase !== undefined && markPriceUsd !== undefined;
        const openInterestUsd = isWhole ? openInterestBase * markPriceUsd : undefined;
        yield { exchange, symbol, openInterestBase, openInterestUsd, markPriceUsd };
      }
    }
  }

  #find(event: OpenInterest | MarkPrice): Contract | undefined {
    return this.#covered.get(event.exchange)?.symbols.get(event.symbol)?.get(event.instrumentId);
  }
}

/** Whose mark price stands for the symbol: the linear USDT contract's, else another linear one's, else an inverse one's. */
function priceRank(margin: CoveredContract['margin'], quote: string): number {
  if (margin === 'inverse') return 2;
  return quote === 'USDT' ? 0 : 1;
}

function mainMarkPrice(contracts: ReadonlyMap<string, Contract>, oldest: number): Usd | undefined {
  const bestRank = Math.min(...Array.from(contracts.values(), ({ rank }) => rank));
  const main = [...contracts.values()].find(({ rank }) => rank === bestRank)?.mark;
  return main && main.receiveTime >= oldest && main.priceUsd > 0 ? main.priceUsd : undefined;
}

/** Linear base units, and the dollars of inverse contracts turned into coins; `undefined` unless every contract adds its part. */
function sumOpenInterest(
  contracts: ReadonlyMap<string, Contract>,
  oldest: number,
  markPriceUsd: Usd | undefined,
): number | undefined {
  let base = 0;
  for (const { openInterest } of contracts.values()) {
    if (!openInterest || openInterest.receiveTime < oldest) return undefined;
    if (openInterest.baseQuantity !== undefined) base += openInterest.baseQuantity;
    else if (openInterest.notionalUsd === undefined || markPriceUsd === undefined) return undefined;
    else base += openInterest.notionalUsd / markPriceUsd;
  }
  return base;
}
