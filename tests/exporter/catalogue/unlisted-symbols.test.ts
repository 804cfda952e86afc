import t from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import type { CatalogueStatus } from '../../../exporter/catalogue/catalogue-refresher.ts';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { unlistedSymbols } from '../../../exporter/catalogue/unlisted-symbols.ts';
import { contract } from '../../fixtures/frames/contracts.ts';

const SYMBOLS = ['PEPE', 'BTTC'].map(canonicalSymbol);

const whole: CatalogueStatus = { exchange: 'bybit', contracts: 1, missing: [], problem: undefined };
const partial: CatalogueStatus = { ...whole, missing: ['inverse'] };
const blind: CatalogueStatus = { exchange: 'okx', contracts: 0, missing: ['SWAP'], problem: 'no answer' };

t.test('names watched symbols of which no venue has a contract, as soon as one has given all its lists', async (t) => {
  const catalogue = new InstrumentCatalogue();
  catalogue.replace('bybit', [contract('bybit', '1000PEPEUSDT', 'PEPE')]);

  t.same(unlistedSymbols(SYMBOLS, catalogue, [whole, blind]), ['BTTC']);
  t.same(unlistedSymbols(SYMBOLS, catalogue, [partial, blind]), [], 'its other list may have it');
  t.same(unlistedSymbols(SYMBOLS, new InstrumentCatalogue(), [blind]), []);
  t.same(unlistedSymbols(undefined, catalogue, [whole]), [], 'all are those that are listed');
});
