// Every venue's REST calls: lists of contracts, open interest, mark prices. URLs only; answers are the mappers' matter.

import type { ContractList } from '../catalogue/contract-list.ts';
import type { Instrument } from '../catalogue/instruments.ts';
import type { Exchange } from '../events.ts';
import { MAPPERS } from './registry.ts';
import type { VenueUrls } from './venue-urls.ts';

export type Market = 'linear' | 'inverse';

export interface RestCall {
  readonly url: string;
  readonly market: Market;
}

/** One list of contracts: a product of the venue. */
export interface Listing {
  /** As the venue calls the product; shown to people. */
  readonly name: string;
  readonly market: Market;
  /** `cursor` is the next page's where the venue pages. */
  url(cursor: string | undefined): string;
  /** At times the venue has no contract of this product: an empty list is an answer. */
  readonly mayBeEmpty: boolean;
  /** Mark prices of its perpetuals; `undefined` where it has none. */
  readonly marksUrl: string | undefined;
}

export interface VenueRest {
  listings(urls: VenueUrls): readonly Listing[];
  /** One round over these contracts. */
  openInterest(urls: VenueUrls, contracts: readonly Instrument[]): readonly RestCall[];
  /** All mark prices. */
  markPrices(urls: VenueUrls): readonly RestCall[];
  /** The stream of a listed symbol brings all its mark prices, so they are asked for only while it is down. */
  readonly isStreamEnough: boolean;
}

const MARKETS: readonly Market[] = ['linear', 'inverse'];

const binanceBase = ({ rest, coinMarginedRest }: VenueUrls, market: Market): string =>
  market === 'linear' ? `${rest}/fapi/v1` : `${coinMarginedRest}/dapi/v1`;

/** Linear and inverse are two products with the same paths; open interest is asked for contract by contract. */
const binance: VenueRest = {
  listings: (urls) =>
    MARKETS.map((market) => ({
      name: market === 'linear' ? 'USD-M' : 'COIN-M',
      market,
      url: () => `${binanceBase(urls, market)}/exchangeInfo`,
      mayBeEmpty: false,
      marksUrl: `${binanceBase(urls, market)}/premiumIndex`,
    })),
  openInterest: (urls, contracts) =>
    contracts.map(({ margin, instrumentId }) => ({
      market: margin,
      url: `${binanceBase(urls, margin)}/openInterest?symbol=${encodeURIComponent(instrumentId)}`,
    })),
  markPrices: (urls) => MARKETS.map((market) => ({ market, url: `${binanceBase(urls, market)}/premiumIndex` })),
  isStreamEnough: false,
};

const bybitTickersUrl = ({ rest }: VenueUrls, market: Market): string => `${rest}/v5/market/tickers?category=${market}`;
const bybitTickers = (urls: VenueUrls): readonly RestCall[] =>
  MARKETS.map((market) => ({ market, url: bybitTickersUrl(urls, market) }));

const bybit: VenueRest = {
  listings: (urls) =>
    MARKETS.map((market) => ({
      name: market,
      market,
      url: (cursor) => {
        const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        return `${urls.rest}/v5/market/instruments-info?category=${market}&limit=1000${page}`;
      },
      mayBeEmpty: false,
      marksUrl: bybitTickersUrl(urls, market),
    })),
  openInterest: (urls) => bybitTickers(urls),
  markPrices: bybitTickers,
  isStreamEnough: true,
};

const okxMarksUrl = (rest: string): string => `${rest}/api/v5/public/mark-price?instType=SWAP`;

/** Linear and inverse come in one list, so `market` says nothing here. */
const okx: VenueRest = {
  listings: ({ rest }) =>
    ['SWAP', 'FUTURES'].map((type) => ({
      name: type,
      market: 'linear' as const,
      url: () => `${rest}/api/v5/public/instruments?instType=${type}`,
      mayBeEmpty: type === 'FUTURES',
      marksUrl: type === 'SWAP' ? okxMarksUrl(rest) : undefined,
    })),
  openInterest: ({ rest }) => [{ market: 'linear', url: `${rest}/api/v5/public/open-interest?instType=SWAP` }],
  markPrices: ({ rest }) => [{ market: 'linear', url: okxMarksUrl(rest) }],
  isStreamEnough: false,
};

/** The lists of contracts of one venue. */
export function contractLists(exchange: Exchange, urls: VenueUrls): readonly ContractList[] {
  const mapper = MAPPERS[exchange];
  return VENUE_REST[exchange].listings(urls).map(({ market, ...listing }) => ({
    ...listing,
    exchange,
    mapContracts: (answer) => mapper.mapInstruments(answer, market),
    mapMarkPrices: (answer, context) => mapper.mapMarkPrices(answer, market, context),
  }));
}

export const VENUE_REST: Readonly<Record<Exchange, VenueRest>> = { binance, bybit, okx };
