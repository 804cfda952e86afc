// What venues' names of contracts have in common: base and quote run together, and what linear and inverse mean.
import type { Listing } from './catalogue-builder.ts';

/** What a contract's name alone says of it. */
export type NamedContract = Omit<Listing, 'instrumentId'>;

/** Longest first: `BTCFDUSD` is no contract on `BTCFD` in USD. */
const QUOTES = 'FDUSD|USDT|USDC|BUSD|TUSD|USD1|USD|BTC|ETH|EUR|BNB';
const PAIR = new RegExp(`^(.+?)(${QUOTES})$`, 'u');

/** Base and quote of a name that is both run together; `undefined` for any other. */
export function splitPair(pair: string): readonly [base: string, quote: string] | undefined {
  const [, base, quote] = PAIR.exec(pair) ?? [];
  return base === undefined || quote === undefined ? undefined : [base, quote];
}

/** @param contractUsd dollars in one contract, should it be inverse, which a quote in USD means */
export function contractOfPair(
  pair: string,
  isPerpetual: boolean,
  contractUsd: (base: string) => number,
): NamedContract | undefined {
  const [base, quote] = splitPair(pair) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  return quote === 'USD' ? inverse(base, isPerpetual, contractUsd(base)) : linear(base, quote, isPerpetual);
}

export function linear(base: string, quote: string, isPerpetual: boolean, contractValue = 1): NamedContract {
  return { base, quote, isPerpetual, margin: 'linear', contractValue };
}

export function inverse(base: string, isPerpetual: boolean, contractValue: number): NamedContract {
  return { base, quote: 'USD', isPerpetual, margin: 'inverse', contractValue };
}

/** Binance and OKX: a coin-margined contract is 100 USD for BTC and 10 USD for all others. */
export function hundredOrTenUsd(base: string): number {
  return base === 'BTC' ? 100 : 10;
}
