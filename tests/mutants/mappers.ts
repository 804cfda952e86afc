// Mutants of the mappers: the mistakes that other programs have made with these venues.
import type { Mutant } from './mutant.ts';

const of = (...tests: readonly string[]) => ({ tests: tests.map((test) => `tests/exporter/${test}`) });

const BINANCE = of('venues/binance/messages.test.ts');
const BINANCE_REST = of('venues/binance/rest-answers.test.ts');
const BYBIT = of('venues/bybit/messages.test.ts');
const BYBIT_REST = of('venues/bybit/rest-answers.test.ts', 'venues/bybit/messages.test.ts');
const OKX = of('venues/okx/messages.test.ts');
const OKX_REST = of('venues/okx/rest-answers.test.ts');
const BUILDER = of(
  'venues/binance/messages.test.ts',
  'venues/okx/messages.test.ts',
  'venues/binance/rest-answers.test.ts',
);
const KNOWN_FRAME = of('venues/parse-frame.test.ts');

export const mutants: readonly Mutant[] = [
  {
    ...KNOWN_FRAME,
    in: 'PLAIN_TEXT',
    name: 'a known frame with an escape read as it stands',
    find: String.raw`([^"\\\u0000`,
    replace: String.raw`([^"\u0000`,
  },
  {
    ...KNOWN_FRAME,
    in: 'PLAIN_TEXT',
    name: 'a control character read where JSON has none',
    find: String.raw`\u0000-\u001f`,
    replace: '',
  },
  { ...KNOWN_FRAME, in: 'TIME', name: 'a time with a leading zero', find: '([1-9][0-9]{12})', replace: '([0-9]{13})' },
  {
    ...KNOWN_FRAME,
    in: 'framePattern',
    name: 'something behind a known frame',
    find: `.replaceAll('END', '$')`,
    replace: `.replaceAll('END', '')`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance order side taken for the position side',
    find: `'SELL' ? 'long'`,
    replace: `'BUY' ? 'long'`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance last fill for the whole fill',
    find: `order.q : order.z;`,
    replace: `order.q : order.l;`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance ordered size for the filled size',
    find: `order.q : order.z;`,
    replace: `order.q : order.q;`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance limit price for the average fill',
    find: `order.p : order.ap;`,
    replace: `order.p : order.p;`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance zero fill not fallen back from',
    find: `isZero(order.ap)`,
    replace: `false`,
  },
  {
    ...BINANCE,
    in: 'isAbsent',
    name: 'Binance "None" not fallen back from',
    find: `value === 'None'`,
    replace: `value === 'none'`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance st beside the order unread',
    find: `order.st ?? payload.st`,
    replace: `order.st`,
  },
  {
    ...BINANCE,
    in: 'mapForceOrder',
    name: 'Binance section not checked against the listing',
    find: `SECTION_MARGIN.get(section) !== instrument.margin`,
    replace: `false`,
  },
  {
    ...BINANCE,
    in: 'mapMessage',
    name: 'Binance list of orders read for its first',
    find: `for (const entry of payload)`,
    replace: `for (const entry of payload.slice(0, 1))`,
  },
  {
    ...BINANCE_REST,
    in: 'addRow',
    name: 'COIN-M contract size missing',
    find: `readNumber(row.contractSize) : 1`,
    replace: `1 : 1`,
  },
  {
    ...BINANCE_REST,
    in: 'addRow',
    name: 'Binance dated contract taken for a perpetual',
    find: `contractType.endsWith('PERPETUAL')`,
    replace: `true`,
  },
  {
    ...BYBIT,
    in: 'mapLiquidation',
    name: 'Bybit position side taken for an order side',
    find: `'Buy' ? 'long'`,
    replace: `'Sell' ? 'long'`,
  },
  {
    ...BYBIT,
    in: 'mapMessage',
    name: 'Bybit batch read for its first entry',
    find: `for (const entry of message.data)`,
    replace: `for (const entry of message.data.slice(0, 1))`,
  },
  {
    ...BYBIT,
    in: 'mapMessage',
    name: 'Bybit withdrawn topic accepted',
    find: `startsWith('allLiquidation.')`,
    replace: `includes('iquidation.')`,
  },
  {
    ...BYBIT,
    in: 'mapMessage',
    name: 'Bybit missing field of a delta judged',
    find: `message.type !== 'delta'`,
    replace: `true`,
  },
  {
    ...BYBIT_REST,
    in: 'addTicker',
    name: 'Bybit two-sided open interest',
    find: `builder.addOpenInterest(instrument, ticker.singleOpenInterest)`,
    replace: `builder.addOpenInterest(instrument, ticker.openInterest)`,
  },
  {
    ...BYBIT_REST,
    in: 'addTicker',
    name: 'Bybit missing open interest read as zero',
    find: `builder.addOpenInterest(instrument, ticker.singleOpenInterest)`,
    replace: `builder.addOpenInterest(instrument, ticker.singleOpenInterest ?? 0)`,
  },
  {
    ...BYBIT_REST,
    in: 'resultOf',
    name: 'Bybit refusal with status 200 read as data',
    find: `answer.retCode !== 0 || `,
    replace: ``,
  },
  {
    ...BYBIT_REST,
    in: 'mapInstruments',
    name: 'Bybit next page forgotten',
    find: `result.cursor !== '' ? result.cursor : undefined`,
    replace: `result.cursor === '' ? result.cursor : undefined`,
  },
  {
    ...OKX,
    in: 'addLiquidations',
    name: 'OKX only the first detail',
    find: `for (const detail of row.details)`,
    replace: `for (const detail of row.details.slice(0, 1))`,
  },
  {
    ...OKX,
    in: 'mapMessage',
    name: 'OKX only the first row',
    find: `for (const row of message.data)`,
    replace: `for (const row of message.data.slice(0, 1))`,
  },
  {
    ...OKX,
    in: 'readSide',
    name: 'OKX net position without its order side',
    find: `posSide !== 'net'`,
    replace: `posSide !== undefined`,
  },
  {
    ...OKX,
    in: 'readSide',
    name: 'OKX net sides swapped',
    find: `side === 'sell' ? 'long'`,
    replace: `side === 'buy' ? 'long'`,
  },
  {
    ...OKX,
    in: 'CHANNELS',
    name: 'OKX time of a liquidation taken for a clock sample',
    find: `['liquidation-orders', addLiquidations]`,
    replace: `['liquidation-orders', (builder, row) => { builder.noteSentTime(1791565600771); addLiquidations(builder, row); }]`,
  },
  {
    ...OKX_REST,
    in: 'addInstrument',
    name: 'OKX contract value without its multiplier',
    find: ` * readNumber(row.ctMult ?? '1')`,
    replace: ``,
  },
  {
    ...OKX_REST,
    in: 'addOpenInterestRow',
    name: 'OKX open interest in coins for contracts',
    find: `row.oi)`,
    replace: `row.oiCcy)`,
  },
  {
    ...OKX_REST,
    in: 'rowsOf',
    name: 'OKX refusal with status 200 read as data',
    find: `answer.code === '0' && `,
    replace: ``,
  },
  {
    ...OKX_REST,
    in: 'addInstrument',
    name: 'OKX unit of the contract value unchecked',
    find: `saysOtherwise(row.ctValCcy, unit)`,
    replace: `false`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'contract value missing',
    find: `readNumber(size) * instrument.contractValue;
    if (!(units > 0))`,
    replace: `readNumber(size);
    if (!(units > 0))`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'inverse contracts priced like linear ones',
    find: `instrument.margin === 'inverse' ? units : units * venuePrice`,
    replace: `units * venuePrice`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'linear contracts unpriced like inverse ones',
    find: `instrument.margin === 'inverse' ? units : units * venuePrice`,
    replace: `units`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'scaled price not brought to one coin',
    find: `venuePrice / instrument.multiplier`,
    replace: `venuePrice`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'scaled open interest not brought to coins',
    find: `units * instrument.multiplier`,
    replace: `units`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'quote not checked',
    find: `if (!instrument.isUsdQuoted) {
      this.reject('quote_not_usd'`,
    replace: `if (instrument === undefined) {
      this.reject('quote_not_usd'`,
  },
  { ...BUILDER, in: 'MessageBuilder', name: 'size of zero accepted', find: `units > 0`, replace: `units >= 0` },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'absurd notional accepted',
    find: `notional > 0 && notional <= MAX_LIQUIDATION_USD`,
    replace: `notional > 0`,
  },
  {
    ...BUILDER,
    in: 'MessageBuilder',
    name: 'receive time for event time',
    find: `eventTime: epochMs(eventTime)`,
    replace: `eventTime: this.#context.receiveTime`,
  },
];
