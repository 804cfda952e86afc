import t from 'tap';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from '../../../../exporter/venues/bybit/rest-answers.ts';
import { contextOf, contract, inverse } from '../../../fixtures/frames/contracts.ts';
import { markPricesOf, openInterestOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readRecorded, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const context = contextOf('bybit', [contract('bybit', 'BTCUSDT', 'BTC'), inverse('bybit', 'BTCUSD', 'BTC', 1)]);
const row = {
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
};
const page = (list: readonly unknown[], nextPageCursor = '') => ({
  retCode: 0,
  retMsg: 'OK',
  result: { category: 'linear', list, nextPageCursor },
  time: 1,
});

t.test('reads the four kinds of contract', async (t) => {
  const { instruments, rejects } = mapInstruments(
    page([
      row,
      { ...row, symbol: 'BTCUSDT-25DEC26', contractType: 'LinearFutures' },
      { ...row, symbol: 'BTCUSD', contractType: 'InversePerpetual', quoteCoin: 'USD' },
      { ...row, symbol: 'BTCUSDZ26', contractType: 'InverseFutures', quoteCoin: 'USD' },
      { ...row, symbol: 'NEWUSDT', status: 'PreLaunch' },
    ]),
    'linear',
  );

  t.same(
    instruments.map((found) => [found.instrumentId, found.margin, found.isPerpetual, found.contractValue]),
    [
      ['BTCUSDT', 'linear', true, 1],
      ['BTCUSDT-25DEC26', 'linear', false, 1],
      ['BTCUSD', 'inverse', true, 1],
      ['BTCUSDZ26', 'inverse', false, 1],
    ],
  );
  t.same(rejects, []);
});

t.test('hands on the cursor of the next page, and none on the last', async (t) => {
  t.equal(mapInstruments(page([row], 'first%3D0'), 'linear').nextCursor, 'first%3D0');
  t.equal(mapInstruments(page([row], ''), 'linear').nextCursor, undefined);
});

t.test('drops a row that is wrong and keeps its neighbours', async (t) => {
  for (const [bad, reason] of [
    [{ ...row, contractType: '__proto__' }, 'invalid_field'],
    [{ ...row, baseCoin: undefined }, 'invalid_field'],
    [{ ...row, quoteCoin: 5 }, 'invalid_field'],
    ['x', 'unknown_shape'],
  ] as const) {
    const answer = mapInstruments(page([bad, row]), 'linear');
    t.equal(answer.instruments.length, 1);
    t.same(reasonsOf(answer), [reason]);
  }
});

t.test('a refusal with status 200 names its code and gives nothing', async (t) => {
  const refusal = { retCode: 10006, retMsg: 'Too many visits!', result: { list: [row] }, time: 1 };

  for (const message of [
    mapInstruments(refusal, 'linear'),
    mapOpenInterest(refusal, context),
    mapMarkPrices(refusal, context),
  ]) {
    t.same(reasonsOf(message), ['unknown_shape']);
    t.match(message.rejects[0]?.detail, 'code 10006, "Too many visits!"');
  }
  for (const answer of [
    null,
    {},
    { retCode: 0 },
    { retCode: 0, result: { list: {} } },
    { retCode: '0', result: { list: [] } },
  ]) {
    t.same(reasonsOf(mapOpenInterest(answer, context)), ['unknown_shape']);
  }
});

t.test('trap 5: tickers give single-sided open interest and the mark price at once', async (t) => {
  const list = [
    { symbol: 'BTCUSDT', markPrice: '80000', openInterest: '10', singleOpenInterest: '5' },
    { symbol: 'BTCUSD', markPrice: '80001', openInterest: '2000', singleOpenInterest: '1000' },
    { symbol: 'NOPE', markPrice: '1', singleOpenInterest: '1' },
    { symbol: 'BTCEUR', markPrice: '1', singleOpenInterest: '1' },
    { markPrice: '1' },
    7,
  ];

  const message = mapOpenInterest(page(list), context);

  t.same(
    openInterestOf(message).map(({ instrumentId, baseQuantity, notionalUsd }) => [
      instrumentId,
      baseQuantity,
      notionalUsd,
    ]),
    [
      ['BTCUSDT', 5, undefined],
      ['BTCUSD', undefined, 1_000],
    ],
  );
  t.equal(markPricesOf(message).length, 2);
  t.same(
    reasonsOf(message),
    ['invalid_field', 'unknown_shape'],
    'contracts that are not listed come with every answer',
  );
});

t.test('trap 5: a whole ticker without the single figure is refused, not halved', async (t) => {
  const message = mapOpenInterest(page([{ symbol: 'BTCUSDT', markPrice: '80000', openInterest: '10' }]), context);

  t.same(openInterestOf(message), []);
  t.same(reasonsOf(message), ['invalid_field']);
});

t.test('reads the same answer for its mark prices alone', async (t) => {
  const message = mapMarkPrices(page([{ symbol: 'BTCUSDT', markPrice: '80000', singleOpenInterest: '5' }]), context);

  t.same(
    message.events.map(({ type }) => type),
    ['mark_price'],
  );
});

t.test('reads the recorded listing', { skip: skipWithoutRecordings }, async (t) => {
  const answer = JSON.parse(readRecorded('frames/bybit_v5_instruments_linear_2026-08-09.json.gz'));

  const { instruments, rejects, nextCursor } = mapInstruments(answer, 'linear');

  t.equal(instruments.length, 800);
  t.same(rejects, []);
  t.equal(nextCursor, undefined);
  t.equal(instruments.filter(({ isPerpetual }) => isPerpetual).length, 760);
  t.equal(instruments.filter(({ isUsdQuoted }) => isUsdQuoted).length, 800);
  const find = (id: string) => instruments.find(({ instrumentId }) => instrumentId === id);
  t.match(find('1000PEPEUSDT'), { symbol: 'PEPE', multiplier: 1_000, quote: 'USDT' });
  t.match(find('SHIB1000PERP'), { symbol: 'SHIB', multiplier: 1_000, quote: 'USDC' });
  t.match(find('1000000BABYDOGEUSDT'), { symbol: 'BABYDOGE', multiplier: 1_000_000 });
  t.match(find('1INCHUSDT'), { symbol: '1INCH', multiplier: 1 });
});

t.test('a contract whose state the venue does not tell counts as listed', async (t) => {
  const { instruments, rejects } = mapInstruments(page([{ ...row, status: undefined }]), 'linear');

  t.equal(instruments[0]?.instrumentId, row.symbol);
  t.same(rejects, []);
});

t.test('takes a bare list of rows as well', async (t) => {
  t.equal(mapInstruments([row], 'linear').instruments.length, 1);
  t.equal(markPricesOf(mapMarkPrices([{ symbol: 'BTCUSDT', markPrice: '80000' }], context)).length, 1);
});

t.test('tells the kind of contract by its name and list where the venue leaves the type out', (t) => {
  const kindsOf = (market: 'linear' | 'inverse', ...symbols: readonly string[]) =>
    mapInstruments(
      { retCode: 0, result: { list: symbols.map((symbol) => ({ ...row, symbol, contractType: undefined })) } },
      market,
    ).instruments.map(({ instrumentId, margin, isPerpetual }) => [instrumentId, margin, isPerpetual]);

  t.same(kindsOf('linear', 'BTCUSDT', 'BTC-26DEC25', 'BTCUSDT-2JAN26'), [
    ['BTCUSDT', 'linear', true],
    ['BTC-26DEC25', 'linear', false],
    ['BTCUSDT-2JAN26', 'linear', false],
  ]);
  t.same(kindsOf('inverse', 'BTCUSD', 'BTCUSDZ25'), [
    ['BTCUSD', 'inverse', true],
    ['BTCUSDZ25', 'inverse', false],
  ]);
  t.end();
});
