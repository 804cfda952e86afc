// Watched symbols of which there is nothing to watch: a slip of the hand in SYMBOLS, or a coin that was delisted.
import type { CanonicalSymbol } from '../../common/brands.ts';
import type { CatalogueStatus } from './catalogue-refresher.ts';
import type { InstrumentCatalogue } from './instruments.ts';

/**
 * None of the venues has a contract of them; empty while not one venue has given all its lists.
 * @param symbols `undefined` stands for all, which are those that are listed
 */
export function unlistedSymbols(
  symbols: readonly CanonicalSymbol[] | undefined,
  catalogue: InstrumentCatalogue,
  venues: readonly CatalogueStatus[],
): readonly CanonicalSymbol[] {
  const hasAnswered = venues.some(({ contracts, missing }) => contracts > 0 && missing.length === 0);
  if (!symbols || !hasAnswered) return [];
  const listed = new Set(venues.flatMap(({ exchange }) => catalogue.list(exchange).map(({ symbol }) => symbol)));
  return symbols.filter((symbol) => !listed.has(symbol));
}
