import t from 'tap';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from '../../../../exporter/venues/okx/rest-answers.ts';
import { contextOf, contract, inverse } from '../../../fixtures/frames/contracts.ts';
import { markPricesOf, openInterestOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readRecorded, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const context = contextOf('okx', [
  contract('okx', 'BTC-USDT-SWAP', 'BTC', { contractValue: 0.01 }),
  inverse('okx', 'BTC-USD-SWAP', 'BTC', 100),
]);
// biome-ignore-start format: a listing reads best on few lines
const linear = {
  instId: 'BTC-USDT-SWAP',
  instType: 'SWAP',
  state: 'live',
  ctType: 'linear',
  ctVal: '0.01',
  ctMult: '1',
  ctValCcy: 'BTC',
  settleCcy: 'USDT',
  uly: 'BTC-USDT',
  instFamily: 'BTC-USDT',
};
const coinMargined = {
  ...linear,
  instId: 'BTC-USD-SWAP',
  ctType: 'inverse',
  ctVal: '100',
  ctValCcy: 'USD',
  settleCcy: 'BTC',
  uly: 'BTC-USD',
  instFamily: 'BTC-USD',
};
// biome-ignore-end format: as above
const answer = (...data: readonly unknown[]) => ({ code: '0', msg: '', data });
const read = (...data: readonly unknown[]) => mapInstruments(answer(...data));

t.test('trap 7: reads what one contract is worth, multiplied by ctMult', async (t) => {
  t.same(read(linear, coinMargined).instruments, [
    contract('okx', 'BTC-USDT-SWAP', 'BTC', { contractValue: 0.01 }),
    inverse('okx', 'BTC-USD-SWAP', 'BTC', 100),
  ]);
  t.equal(read({ ...linear, ctMult: '10' }).instruments[0]?.contractValue, 0.1);
});

t.test('trap 19: takes base and quote from the underlying, or from the family where it is empty', async (t) => {
  const { instruments } = read(
    { ...linear, uly: '' },
    { ...linear, uly: undefined, instFamily: 'ETH-EUR', ctValCcy: 'ETH' },
  );

  t.same(
    instruments.map(({ symbol, quote, isUsdQuoted }) => [symbol, quote, isUsdQuoted]),
    [
      ['BTC', 'USDT', true],
      ['ETH', 'EUR', false],
    ],
  );
});

t.test('tells dated futures from perpetuals, and leaves out what is not live', async (t) => {
  const { instruments, rejects } = read(
    { ...linear, instId: 'BTC-USDT-261225', instType: 'FUTURES' },
    { ...linear, state: 'suspend' },
    { ...linear, state: 'preopen', ctVal: '', ctType: '' },
  );

  t.same(
    instruments.map(({ instrumentId, isPerpetual }) => [instrumentId, isPerpetual]),
    [['BTC-USDT-261225', false]],
  );
  t.same(rejects, []);
});

t.test('drops a row that is wrong and keeps its neighbours', async (t) => {
  for (const [bad, reason] of [
    [{ ...linear, ctVal: '' }, 'invalid_field'],
    [{ ...linear, ctVal: '0' }, 'invalid_field'],
    [{ ...linear, ctVal: undefined }, 'invalid_field'],
    [{ ...linear, ctMult: '-1' }, 'invalid_field'],
    [{ ...linear, ctType: '' }, 'invalid_field'],
    [{ ...linear, ctType: '__proto__' }, 'invalid_field'],
    [{ ...linear, ctValCcy: 'USDT' }, 'invalid_field'],
    [{ ...coinMargined, ctValCcy: 'BTC' }, 'invalid_field'],
    [{ ...linear, instType: 'OPTION' }, 'invalid_field'],
    [{ ...linear, instId: undefined }, 'invalid_field'],
    [{ ...linear, uly: 'BTC', instFamily: '' }, 'invalid_field'],
    [{ ...linear, uly: 'BTC-USDT-X' }, 'invalid_field'],
    [{ ...linear, uly: 7 }, 'invalid_field'],
    [null, 'unknown_shape'],
  ] as const) {
    const { instruments, rejects } = read(bad, linear);
    t.equal(instruments.length, 1);
    t.same(reasonsOf({ rejects }), [reason], JSON.stringify(bad));
  }
});

t.test('a refusal with status 200 names its code and gives nothing', async (t) => {
  const refusal = { code: '50011', msg: 'Too Many Requests', data: [linear] };

  for (const message of [mapInstruments(refusal), mapOpenInterest(refusal, context), mapMarkPrices(refusal, context)]) {
    t.same(reasonsOf(message), ['unknown_shape']);
    t.match(message.rejects[0]?.detail, 'code "50011", "Too Many Requests"');
  }
  for (const bad of [null, {}, { code: '0' }, { code: '0', data: {} }]) {
    t.same(reasonsOf(mapOpenInterest(bad, context)), ['unknown_shape']);
  }
});

t.test('reads open interest and mark prices of every contract in one answer', async (t) => {
  const rows = [
    { instId: 'BTC-USDT-SWAP', oi: '200', oiCcy: '9', oiUsd: '9', markPx: '80000' },
    { instId: 'BTC-USD-SWAP', oi: '7', oiCcy: '9', oiUsd: '9', markPx: '80001' },
    { instId: 'NOPE-USDT-SWAP', oi: '7', markPx: '1' },
    { oi: '7' },
    'row',
  ];

  const openInterest = mapOpenInterest(answer(...rows), context);
  const marks = mapMarkPrices(answer(...rows), context);

  t.same(
    openInterestOf(openInterest).map(({ baseQuantity, notionalUsd }) => [baseQuantity, notionalUsd]),
    [
      [2, undefined],
      [undefined, 700],
    ],
  );
  t.same(reasonsOf(openInterest), ['invalid_field', 'unknown_shape'], 'contracts that are not listed are no fault');
  t.same(
    markPricesOf(marks).map(({ priceUsd }) => priceUsd),
    [80_000, 80_001],
  );
});

t.test('reads the recorded listing', { skip: skipWithoutRecordings }, async (t) => {
  const recorded = JSON.parse(readRecorded('frames/okx_instruments_swap_2022-05-13.json.gz'));

  const { instruments, rejects } = mapInstruments(recorded);

  t.equal(instruments.length, 166);
  t.same(rejects, []);
  t.equal(instruments.filter(({ margin }) => margin === 'inverse').length, 40);
  const find = (id: string) => instruments.find(({ instrumentId }) => instrumentId === id);
  t.match(find('BTC-USDT-SWAP'), { symbol: 'BTC', contractValue: 0.01, quote: 'USDT', isUsdQuoted: true });
  t.match(find('BTC-USD-SWAP'), { margin: 'inverse', contractValue: 100, quote: 'USD' });
  t.match(find('ETH-USD-SWAP'), { margin: 'inverse', contractValue: 10 });
  t.match(find('1INCH-USDT-SWAP'), { symbol: '1INCH', multiplier: 1 });
});

t.test('a contract whose state, unit or multiplier the venue does not tell counts as listed', async (t) => {
  const silent = { ...linear, state: undefined, ctValCcy: undefined, ctMult: undefined };
  const { instruments, rejects } = read(silent);

  t.equal(instruments[0]?.contractValue, Number(linear.ctVal));
  t.same(rejects, []);
});

t.test('takes a bare list of rows as well', async (t) => {
  t.equal(mapInstruments([linear]).instruments.length, 1);
  t.equal(markPricesOf(mapMarkPrices([{ instId: 'BTC-USDT-SWAP', markPx: '80000' }], context)).length, 1);
});

t.test('takes type, base and quote from the name and the units where the venue leaves the rest out', (t) => {
  const bare = (row: typeof linear) => ({ ...row, instType: undefined, uly: undefined, instFamily: '' });

  const { instruments, rejects } = read(
    bare(linear),
    bare(coinMargined),
    bare({ ...linear, instId: 'BTC-USDT-261225' }),
  );

  t.same(instruments, [
    contract('okx', 'BTC-USDT-SWAP', 'BTC', { contractValue: 0.01 }),
    inverse('okx', 'BTC-USD-SWAP', 'BTC', 100),
    { ...contract('okx', 'BTC-USDT-261225', 'BTC', { contractValue: 0.01 }), isPerpetual: false },
  ]);
  t.same(rejects, []);
  t.same(reasonsOf(read({ ...bare(linear), settleCcy: undefined })), ['invalid_field']);
  t.end();
});
