// What a contract is, read off its name. Only for back-tests, where nobody can ask the venue for its list: live, a contract
// that is not in the list is unknown. An instruments file (`instrument-files.ts`) goes before these rules.
//
//   Binance  `BTCUSDT`, `BTCUSDT_250328`: base and quote, sizes in base units; quote `USD` (`BTCUSD_PERP`) is
//            coin-margined, a contract of 100 USD for BTC and 10 USD for all others
//   Bybit    `BTCUSDT`, `BTCUSDT-27DEC24`, `BTCPERP` and `BTC-27DEC24` (USDC): sizes in base units; `BTCUSD`,
//            `BTCUSDZ24`: inverse, sizes in dollars
//   OKX      `BTC-USD-SWAP`: inverse, a contract of 100 USD for BTC and 10 USD for all others; `BTC-USDT-SWAP`: only the
//            contract sizes below are known, every other contract needs an instruments file

import type { Instrument } from '../../exporter/catalogue/instruments.ts';
import type { Exchange } from '../../exporter/events.ts';
import { CatalogueBuilder, type Listing } from '../../exporter/venues/mapping/catalogue-builder.ts';

/** Longest first: `BTCFDUSD` is no contract on `BTCFD` in USD. */
const QUOTES = 'FDUSD|USDT|USDC|BUSD|TUSD|USD1|USD|BTC|ETH|EUR|BNB';
const PAIR = new RegExp(`^(.+?)(${QUOTES})$`, 'u');

/** Base units in one contract (`ctVal` of OKX's list of instruments). */
const OKX_USDT_CONTRACTS: Readonly<Record<string, number>> = { BTC: 0.01, ETH: 0.1, SOL: 1 };

/** `undefined` where the name says too little. */
export function instrumentFromName(exchange: Exchange, instrumentId: string): Instrument | undefined {
  const listing = LISTINGS[exchange](instrumentId);
  if (listing === undefined) return undefined;
  const builder = new CatalogueBuilder(exchange);
  builder.add({ instrumentId, ...listing });
  return builder.instruments[0];
}

type Parts = Omit<Listing, 'instrumentId'>;

const LISTINGS: Readonly<Record<Exchange, (name: string) => Parts | undefined>> = {
  binance(name) {
    const [, pair = name, expiry] = /^(.+)_(PERP|\d{6})$/u.exec(name) ?? [];
    const isPerpetual = expiry === undefined || expiry === 'PERP';
    return fromPair(pair, isPerpetual, inverseContractUsd);
  },
  bybit(name) {
    const [, usdcBase] = /^(.+)PERP$/u.exec(name) ?? /^([^-]+?)-\d{1,2}[A-Z]{3}\d{2}$/u.exec(name) ?? [];
    if (usdcBase !== undefined && !PAIR.test(usdcBase)) return linear(usdcBase, 'USDC', name.endsWith('PERP'));
    const [, pair = name] = /^(.+USD)[A-Z]\d{2}$/u.exec(name) ?? /^([^-]+)-/u.exec(name) ?? [];
    return fromPair(pair, pair === name, () => 1);
  },
  okx(name) {
    const [, base, quote, kind] = /^(.+)-([A-Z0-9]+)-(SWAP|\d{6})$/u.exec(name) ?? [];
    if (base === undefined || quote === undefined) return undefined;
    const isPerpetual = kind === 'SWAP';
    if (quote === 'USD') return inverse(base, isPerpetual, inverseContractUsd(base));
    const contractValue = quote === 'USDT' ? OKX_USDT_CONTRACTS[base] : undefined;
    return contractValue === undefined ? undefined : linear(base, quote, isPerpetual, contractValue);
  },
};

function fromPair(pair: string, isPerpetual: boolean, contractUsd: (base: string) => number): Parts | undefined {
  const [, base, quote] = PAIR.exec(pair) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  return quote === 'USD' ? inverse(base, isPerpetual, contractUsd(base)) : linear(base, quote, isPerpetual);
}

function linear(base: string, quote: string, isPerpetual: boolean, contractValue = 1): Parts {
  return { base, quote, isPerpetual, margin: 'linear', contractValue };
}

function inverse(base: string, isPerpetual: boolean, contractValue: number): Parts {
  return { base, quote: 'USD', isPerpetual, margin: 'inverse', contractValue };
}

function inverseContractUsd(base: string): number {
  return base === 'BTC' ? 100 : 10;
}
