// Catalogue entries for benchmarks that have no venue to ask.
import { type CanonicalSymbol, canonicalSymbol } from '../../common/brands.ts';
import type { Instrument } from '../../exporter/catalogue/instruments.ts';
import type { VenueName } from './market.ts';

const QUOTES = /(-?(USDT|USDC|USD))(-SWAP)?$/;

export function watchedSymbols(names: readonly string[]): readonly CanonicalSymbol[] {
  return names.map((name) => canonicalSymbol(name));
}

/** Linear perpetuals under these names; contracts of OKX are a hundredth of a coin. */
export function catalogueFor(exchange: VenueName, instrumentIds: Iterable<string>): readonly Instrument[] {
  return [...instrumentIds].map((instrumentId) => ({
    exchange,
    instrumentId,
    symbol: canonicalSymbol(instrumentId.replace(QUOTES, '')),
    multiplier: 1,
    isPerpetual: true,
    margin: 'linear',
    contractValue: exchange === 'okx' ? 0.01 : 1,
    quote: 'USDT',
    isUsdQuoted: true,
  }));
}
