// Mutants of the mappers, the catalogue and the symbol table: the mistakes that other programs have made with these venues.
import type { Mutant } from './mutant.ts';

const BINANCE = {
  file: 'exporter/venues/binance/messages.ts',
  tests: ['tests/exporter/venues/binance/messages.test.ts'],
};
const BINANCE_REST = {
  file: 'exporter/venues/binance/rest-answers.ts',
  tests: ['tests/exporter/venues/binance/rest-answers.test.ts'],
};
const BYBIT = { file: 'exporter/venues/bybit/messages.ts', tests: ['tests/exporter/venues/bybit/messages.test.ts'] };
const BYBIT_REST = {
  file: 'exporter/venues/bybit/rest-answers.ts',
  tests: ['tests/exporter/venues/bybit/rest-answers.test.ts', 'tests/exporter/venues/bybit/messages.test.ts'],
};
const OKX = { file: 'exporter/venues/okx/messages.ts', tests: ['tests/exporter/venues/okx/messages.test.ts'] };
const OKX_REST = {
  file: 'exporter/venues/okx/rest-answers.ts',
  tests: ['tests/exporter/venues/okx/rest-answers.test.ts'],
};
const DRAFT = {
  file: 'exporter/venues/mapping/message-builder.ts',
  tests: [
    'tests/exporter/venues/binance/messages.test.ts',
    'tests/exporter/venues/okx/messages.test.ts',
    'tests/exporter/venues/binance/rest-answers.test.ts',
  ],
};
const NUMERIC = {
  file: 'exporter/venues/mapping/numeric.ts',
  tests: ['tests/exporter/venues/mapping/numeric.test.ts'],
};
const KNOWN_FRAME = {
  file: 'exporter/venues/mapping/frame-pattern.ts',
  tests: ['tests/exporter/venues/parse-frame.test.ts'],
};
const CATALOGUE = {
  file: 'exporter/venues/mapping/catalogue-builder.ts',
  tests: ['tests/exporter/venues/binance/rest-answers.test.ts'],
};

export const mutants: readonly Mutant[] = [
  {
    ...KNOWN_FRAME,
    name: 'a known frame with an escape read as it stands',
    find: String.raw`([^"\\\u0000`,
    replace: String.raw`([^"\u0000`,
  },
  {
    ...KNOWN_FRAME,
    name: 'a control character read where JSON has none',
    find: String.raw`\u0000-\u001f`,
    replace: '',
  },
  { ...KNOWN_FRAME, name: 'a time with a leading zero', find: '([1-9][0-9]{12})', replace: '([0-9]{13})' },
  {
    ...KNOWN_FRAME,
    name: 'something behind a known frame',
    find: `.replaceAll('END', '$')`,
    replace: `.replaceAll('END', '')`,
  },
  {
    ...BINANCE,
    name: 'Binance order side taken for the position side',
    find: `'SELL' ? 'long'`,
    replace: `'BUY' ? 'long'`,
  },
  {
    ...BINANCE,
    name: 'Binance last fill for the whole fill',
    find: `order.q : order.z;`,
    replace: `order.q : order.l;`,
  },
  {
    ...BINANCE,
    name: 'Binance ordered size for the filled size',
    find: `order.q : order.z;`,
    replace: `order.q : order.q;`,
  },
  {
    ...BINANCE,
    name: 'Binance limit price for the average fill',
    find: `order.p : order.ap;`,
    replace: `order.p : order.p;`,
  },
  { ...BINANCE, name: 'Binance zero fill not fallen back from', find: `isZero(order.ap)`, replace: `false` },
  { ...BINANCE, name: 'Binance "None" not fallen back from', find: `value === 'None'`, replace: `value === 'none'` },
  { ...BINANCE, name: 'Binance st beside the order unread', find: `order.st ?? payload.st`, replace: `order.st` },
  {
    ...BINANCE,
    name: 'Binance section not checked against the listing',
    find: `SECTION_MARGIN.get(section) !== instrument.margin`,
    replace: `false`,
  },
  {
    ...BINANCE,
    name: 'Binance list of orders read for its first',
    find: `for (const entry of payload)`,
    replace: `for (const entry of payload.slice(0, 1))`,
  },
  { ...BINANCE_REST, name: 'COIN-M contract size missing', find: `readNumber(row.contractSize) : 1`, replace: `1 : 1` },
  {
    ...BINANCE_REST,
    name: 'Binance dated contract taken for a perpetual',
    find: `contractType.endsWith('PERPETUAL')`,
    replace: `true`,
  },
  { ...BYBIT, name: 'Bybit position side taken for an order side', find: `'Buy' ? 'long'`, replace: `'Sell' ? 'long'` },
  {
    ...BYBIT,
    name: 'Bybit batch read for its first entry',
    find: `for (const entry of message.data)`,
    replace: `for (const entry of message.data.slice(0, 1))`,
  },
  {
    ...BYBIT,
    name: 'Bybit withdrawn topic accepted',
    find: `startsWith('allLiquidation.')`,
    replace: `includes('iquidation.')`,
  },
  { ...BYBIT, name: 'Bybit missing field of a delta judged', find: `message.type !== 'delta'`, replace: `true` },
  {
    ...BYBIT_REST,
    name: 'Bybit two-sided open interest',
    find: `builder.addOpenInterest(instrument, ticker.singleOpenInterest)`,
    replace: `builder.addOpenInterest(instrument, ticker.openInterest)`,
  },
  {
    ...BYBIT_REST,
    name: 'Bybit missing open interest read as zero',
    find: `builder.addOpenInterest(instrument, ticker.singleOpenInterest)`,
    replace: `builder.addOpenInterest(instrument, ticker.singleOpenInterest ?? 0)`,
  },
  { ...BYBIT_REST, name: 'Bybit refusal with status 200 read as data', find: `answer.retCode !== 0 || `, replace: `` },
  {
    ...BYBIT_REST,
    name: 'Bybit next page forgotten',
    find: `result.cursor !== '' ? result.cursor : undefined`,
    replace: `result.cursor === '' ? result.cursor : undefined`,
  },
  {
    ...OKX,
    name: 'OKX only the first detail',
    find: `for (const detail of row.details)`,
    replace: `for (const detail of row.details.slice(0, 1))`,
  },
  {
    ...OKX,
    name: 'OKX only the first row',
    find: `for (const row of message.data)`,
    replace: `for (const row of message.data.slice(0, 1))`,
  },
  {
    ...OKX,
    name: 'OKX net position without its order side',
    find: `posSide !== 'net'`,
    replace: `posSide !== undefined`,
  },
  { ...OKX, name: 'OKX net sides swapped', find: `side === 'sell' ? 'long'`, replace: `side === 'buy' ? 'long'` },
  {
    ...OKX,
    name: 'OKX time of a liquidation taken for a clock sample',
    find: `['liquidation-orders', addLiquidations]`,
    replace: `['liquidation-orders', (builder, row) => { builder.noteSentTime(1791565600771); addLiquidations(builder, row); }]`,
  },
  {
    ...OKX_REST,
    name: 'OKX contract value without its multiplier',
    find: ` * readNumber(row.ctMult ?? '1')`,
    replace: ``,
  },
  { ...OKX_REST, name: 'OKX open interest in coins for contracts', find: `row.oi)`, replace: `row.oiCcy)` },
  { ...OKX_REST, name: 'OKX refusal with status 200 read as data', find: `answer.code === '0' && `, replace: `` },
  {
    ...OKX_REST,
    name: 'OKX unit of the contract value unchecked',
    find: `saysOtherwise(row.ctValCcy, unit)`,
    replace: `false`,
  },
  {
    ...DRAFT,
    name: 'contract value missing',
    find: `readNumber(size) * instrument.contractValue;
    if (!(units > 0))`,
    replace: `readNumber(size);
    if (!(units > 0))`,
  },
  {
    ...DRAFT,
    name: 'inverse contracts priced like linear ones',
    find: `instrument.margin === 'inverse' ? units : units * venuePrice`,
    replace: `units * venuePrice`,
  },
  {
    ...DRAFT,
    name: 'linear contracts unpriced like inverse ones',
    find: `instrument.margin === 'inverse' ? units : units * venuePrice`,
    replace: `units`,
  },
  {
    ...DRAFT,
    name: 'scaled price not brought to one coin',
    find: `venuePrice / instrument.multiplier`,
    replace: `venuePrice`,
  },
  {
    ...DRAFT,
    name: 'scaled open interest not brought to coins',
    find: `units * instrument.multiplier`,
    replace: `units`,
  },
  {
    ...DRAFT,
    name: 'quote not checked',
    find: `if (!instrument.isUsdQuoted) {
      this.reject('quote_not_usd'`,
    replace: `if (instrument === undefined) {
      this.reject('quote_not_usd'`,
  },
  { ...DRAFT, name: 'size of zero accepted', find: `units > 0`, replace: `units >= 0` },
  {
    ...DRAFT,
    name: 'absurd notional accepted',
    find: `notional > 0 && notional <= MAX_LIQUIDATION_USD`,
    replace: `notional > 0`,
  },
  {
    ...DRAFT,
    name: 'receive time for event time',
    find: `eventTime: epochMs(eventTime)`,
    replace: `eventTime: this.#context.receiveTime`,
  },
  {
    ...NUMERIC,
    name: 'empty text read as zero',
    find: `length > 0 && length <= EXACT_DIGITS`,
    replace: `length <= EXACT_DIGITS`,
  },
  {
    ...NUMERIC,
    name: 'infinite number accepted',
    find: `return number < Number.POSITIVE_INFINITY ? number : Number.NaN;`,
    replace: `return number;`,
  },
  { ...NUMERIC, name: 'time in seconds accepted', find: `time >= FIRST_PLAUSIBLE_MS && `, replace: `` },
  { ...CATALOGUE, name: 'every quote taken for dollars', find: `USD_QUOTES.has(upperQuote)`, replace: `true` },
  {
    ...CATALOGUE,
    name: 'scaled listing without its multiplier',
    find: `multiplier: canonical.multiplier`,
    replace: `multiplier: 1`,
  },
  {
    file: 'common/canonical-symbols.ts',
    tests: ['tests/common/canonical-symbols.test.ts'],
    name: 'a thousand PEPE for one',
    find: `['1000PEPE', 'PEPE', 1_000]`,
    replace: `['1000PEPE', 'PEPE', 1]`,
  },
  {
    file: 'exporter/catalogue/instruments.ts',
    tests: ['tests/exporter/catalogue/instruments.test.ts'],
    name: 'empty listing empties the catalogue',
    find: `if (instruments.length === 0) return false;`,
    replace: ``,
  },
  {
    file: 'exporter/catalogue/price-check.ts',
    tests: ['tests/exporter/catalogue/price-check.test.ts'],
    name: 'plain listing excluded',
    find: `return isScaled ? 'excluded' : 'differs'`,
    replace: `return 'excluded'`,
  },
  {
    file: 'exporter/catalogue/price-check.ts',
    tests: ['tests/exporter/catalogue/price-check.test.ts'],
    name: 'price tolerance of 50 %',
    find: `TOLERANCE_RATIO = 0.05`,
    replace: `TOLERANCE_RATIO = 0.5`,
  },
];
