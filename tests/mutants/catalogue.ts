// Mutants of numbers, the catalogue and the symbol table: the ways in which a contract can be taken for another.
import type { Mutant } from './mutant.ts';

const of = (...tests: readonly string[]) => ({ tests: tests.map((test) => `tests/exporter/${test}`) });

const NUMERIC = of('venues/mapping/numeric.test.ts');
const CATALOGUE = of('venues/binance/rest-answers.test.ts');

export const mutants: readonly Mutant[] = [
  {
    ...NUMERIC,
    in: 'readDecimal',
    name: 'empty text read as zero',
    find: `length > 0 && length <= EXACT_DIGITS`,
    replace: `length <= EXACT_DIGITS`,
  },
  {
    ...NUMERIC,
    in: 'readLongDecimal',
    name: 'infinite number accepted',
    find: `return number < Number.POSITIVE_INFINITY ? number : Number.NaN;`,
    replace: `return number;`,
  },
  { ...NUMERIC, in: 'readTime', name: 'time in seconds accepted', find: `time >= FIRST_PLAUSIBLE_MS && `, replace: `` },
  {
    ...CATALOGUE,
    in: 'CatalogueBuilder',
    name: 'every quote taken for dollars',
    find: `USD_QUOTES.has(upperQuote)`,
    replace: `true`,
  },
  {
    ...CATALOGUE,
    in: 'CatalogueBuilder',
    name: 'scaled listing without its multiplier',
    find: `multiplier: canonical.multiplier`,
    replace: `multiplier: 1`,
  },
  {
    tests: ['tests/common/canonical-symbols.test.ts'],
    in: 'SCALED_LISTINGS',
    name: 'a thousand PEPE for one',
    find: `['1000PEPE', 'PEPE', 1_000]`,
    replace: `['1000PEPE', 'PEPE', 1]`,
  },
  {
    ...of('catalogue/instruments.test.ts'),
    in: 'InstrumentCatalogue',
    name: 'empty listing empties the catalogue',
    find: `if (instruments.length === 0) return false;`,
    replace: ``,
  },
  {
    ...of('catalogue/price-check.test.ts'),
    in: 'judge',
    name: 'plain listing excluded',
    find: `return isScaled ? 'excluded' : 'differs'`,
    replace: `return 'excluded'`,
  },
  {
    ...of('catalogue/price-check.test.ts'),
    in: 'TOLERANCE_RATIO',
    name: 'price tolerance of 50 %',
    find: `TOLERANCE_RATIO = 0.05`,
    replace: `TOLERANCE_RATIO = 0.5`,
  },
];
