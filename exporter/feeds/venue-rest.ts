// Every venue's REST calls: lists of contracts, open interest, mark prices. URLs only; answers are the mappers' matter.
import type { VenueUrls } from '../config.ts';
import type { Exchange } from '../events.ts';
import type { Instrument } from '../instruments.ts';

export type Market = 'linear' | 'inverse';

export interface RestCall {
  readonly url: string;
  readonly market: Market;
}

export interface VenueRest {
  /** One call per list; `cursor` is the next page's where the venue pages. */
  listings(urls: VenueUrls): readonly { readonly market: Market; url(cursor: string | undefined): string }[];
  /** One round over these contracts. */
  openInterest(urls: VenueUrls, contracts: readonly Instrument[]): readonly RestCall[];
  /** All mark prices. */
  markPrices(urls: VenueUrls): readonly RestCall[];
  /** The open-interest answers hold the mark prices too, so nothing more needs to be asked. */
  readonly isPricedWithOpenInterest: boolean;
}

const MARKETS: readonly Market[] = ['linear', 'inverse'];

const binanceBase = ({ rest, coinMarginedRest }: VenueUrls, market: Market): string =>
  market === 'linear' ? `${rest}/fapi/v1` : `${coinMarginedRest}/dapi/v1`;

/** Linear and inverse are two products with the same paths; open interest is asked for contract by contract. */
const binance: VenueRest = {
  listings: (urls) => MARKETS.map((market) => ({ market, url: () => `${binanceBase(urls, market)}/exchangeInfo` })),
  openInterest: (urls, contracts) =>
    contracts.map(({ margin, instrumentId }) => ({
      market: margin,
      url: `${binanceBase(urls, margin)}/openInterest?symbol=${encodeURIComponent(instrumentId)}`,
    })),
  markPrices: (urls) => MARKETS.map((market) => ({ market, url: `${binanceBase(urls, market)}/premiumIndex` })),
  isPricedWithOpenInterest: false,
};

const bybitTickers = ({ rest }: VenueUrls): readonly RestCall[] =>
  MARKETS.map((market) => ({ market, url: `${rest}/v5/market/tickers?category=${market}` }));

const bybit: VenueRest = {
  listings: ({ rest }) =>
    MARKETS.map((market) => ({
      market,
      url: (cursor) => {
        const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        return `${rest}/v5/market/instruments-info?category=${market}&limit=1000${page}`;
      },
    })),
  openInterest: (urls) => bybitTickers(urls),
  markPrices: bybitTickers,
  isPricedWithOpenInterest: true,
};

/** Linear and inverse come in one list, so `market` says nothing here. */
const okx: VenueRest = {
  listings: ({ rest }) =>
    ['SWAP', 'FUTURES'].map((type) => ({
      market: 'linear' as const,
      url: () => `${rest}/api/v5/public/instruments?instType=${type}`,
    })),
  openInterest: ({ rest }) => [{ market: 'linear', url: `${rest}/api/v5/public/open-interest?instType=SWAP` }],
  markPrices: ({ rest }) => [{ market: 'linear', url: `${rest}/api/v5/public/mark-price?instType=SWAP` }],
  isPricedWithOpenInterest: false,
};

export const VENUE_REST: Readonly<Record<Exchange, VenueRest>> = { binance, bybit, okx };
