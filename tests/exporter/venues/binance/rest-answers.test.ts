import t from 'tap';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from '../../../../exporter/venues/binance/rest-answers.ts';
import { contextOf, contract, inverse, RECEIVED } from '../../../fixtures/frames/contracts.ts';
import { markPricesOf, openInterestOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readRecorded, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const context = contextOf('binance', [
  contract('binance', 'BTCUSDT', 'BTC'),
  contract('binance', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 }),
  contract('binance', 'BTCUSDT_261225', 'BTC', { isPerpetual: false }),
  contract('binance', 'ETHBTC', 'ETH', { quote: 'BTC', isUsdQuoted: false }),
  inverse('binance', 'BTCUSD_PERP', 'BTC', 100),
]);
const linear = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  contractType: 'PERPETUAL',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
};
const coinMargined = {
  symbol: 'BTCUSD_PERP',
  contractStatus: 'TRADING',
  contractType: 'PERPETUAL',
  baseAsset: 'BTC',
  quoteAsset: 'USD',
  marginAsset: 'BTC',
  contractSize: 100,
};

t.test('reads a USD-M listing', async (t) => {
  const { instruments, rejects, nextCursor } = mapInstruments({ symbols: [linear] }, 'linear');

  t.same(instruments, [contract('binance', 'BTCUSDT', 'BTC')]);
  t.same(rejects, []);
  t.equal(nextCursor, undefined);
});

t.test('reads a COIN-M listing with its contract size', async (t) => {
  const { instruments } = mapInstruments({ symbols: [coinMargined] }, 'inverse');

  t.same(instruments, [inverse('binance', 'BTCUSD_PERP', 'BTC', 100)]);
});

t.test('tells perpetuals from dated contracts, and leaves out what does not trade', async (t) => {
  const { instruments, rejects } = mapInstruments(
    {
      symbols: [
        { ...linear, symbol: 'BTCUSDT_261225', contractType: 'CURRENT_QUARTER' },
        { ...linear, symbol: 'TSLAUSDT', baseAsset: 'TSLA', contractType: 'TRADIFI_PERPETUAL' },
        { ...linear, symbol: 'OLDUSDT', status: 'SETTLING' },
      ],
    },
    'linear',
  );

  t.same(
    instruments.map(({ instrumentId, isPerpetual }) => [instrumentId, isPerpetual]),
    [
      ['BTCUSDT_261225', false],
      ['TSLAUSDT', true],
    ],
  );
  t.same(rejects, []);
});

t.test('trap 19: a scaled listing becomes its coin, and other quotes are kept but not taken for dollars', async (t) => {
  const { instruments } = mapInstruments(
    {
      symbols: [
        { ...linear, symbol: '1000PEPEUSDT', baseAsset: '1000PEPE' },
        { ...linear, symbol: 'ETHBTC', baseAsset: 'ETH', quoteAsset: 'BTC', marginAsset: 'BTC' },
        { ...linear, symbol: 'btcusdc', baseAsset: 'btc', quoteAsset: 'usdc' },
      ],
    },
    'linear',
  );

  t.same(
    instruments.map(({ symbol, multiplier, quote, isUsdQuoted }) => [symbol, multiplier, quote, isUsdQuoted]),
    [
      ['PEPE', 1000, 'USDT', true],
      ['ETH', 1, 'BTC', false],
      ['BTC', 1, 'USDC', true],
    ],
  );
});

t.test('drops a row that is wrong and keeps its neighbours', async (t) => {
  for (const row of [
    { ...linear, symbol: undefined },
    { ...linear, symbol: '' },
    { ...linear, symbol: 'X'.repeat(65) },
    { ...linear, contractType: null },
    { ...linear, baseAsset: '' },
    { ...linear, baseAsset: 7 },
    { ...linear, baseAsset: 'BTC"}\n' },
    { ...linear, quoteAsset: undefined },
    { ...linear, marginAsset: 'BTC' },
  ]) {
    const { instruments, rejects } = mapInstruments({ symbols: [row, linear] }, 'linear');
    t.equal(instruments.length, 1);
    t.same(
      rejects.map(({ reason }) => reason),
      ['invalid_field'],
      JSON.stringify(row),
    );
  }
  for (const contractSize of [undefined, 0, -100, '1e400', 'x']) {
    const { instruments, rejects } = mapInstruments({ symbols: [{ ...coinMargined, contractSize }] }, 'inverse');
    t.same(instruments, [], 'an inverse contract without its value is not guessed');
    t.same(reasonsOf({ rejects }), ['invalid_field']);
  }
  t.same(reasonsOf(mapInstruments({ symbols: [{ ...coinMargined, marginAsset: 'USDT' }] }, 'inverse')), [
    'invalid_field',
  ]);
  t.same(reasonsOf(mapInstruments({ symbols: [null] }, 'linear')), ['unknown_shape']);
});

t.test('an answer that is a refusal names its code', async (t) => {
  const refusal = { code: -1121, msg: 'Invalid symbol.' };

  for (const message of [
    mapInstruments(refusal, 'linear'),
    mapOpenInterest(refusal, context),
    mapMarkPrices(refusal, context),
  ]) {
    t.same(reasonsOf(message), ['unknown_shape']);
    t.match(message.rejects[0]?.detail, 'code -1121, "Invalid symbol."');
  }
  for (const answer of [null, 'x', 7, {}, { symbols: {} }]) {
    t.same(reasonsOf(mapInstruments(answer, 'linear')), ['unknown_shape']);
  }
});

t.test('reads open interest in canonical units: coins on USD-M, dollars on COIN-M', async (t) => {
  const read = (symbol: string, openInterest: unknown) =>
    mapOpenInterest({ symbol, openInterest, time: 1_589_437_530_011 }, context);

  t.same(openInterestOf(read('BTCUSDT', '10659.509')), [
    {
      type: 'open_interest',
      exchange: 'binance',
      instrumentId: 'BTCUSDT',
      symbol: 'BTC',
      baseQuantity: 10_659.509,
      notionalUsd: undefined,
      receiveTime: RECEIVED,
    },
  ]);
  t.equal(openInterestOf(read('1000PEPEUSDT', '5'))[0]?.baseQuantity, 5_000);
  const [perpetual] = openInterestOf(read('BTCUSD_PERP', '15004'));
  t.equal(perpetual?.notionalUsd, 1_500_400, 'trap 15: contracts × face value');
  t.equal(perpetual?.baseQuantity, undefined);
  t.equal(openInterestOf(read('BTCUSDT', '0'))[0]?.baseQuantity, 0, 'zero is a figure');
  t.same(read('BTCUSDT_261225', '5'), { events: [], rejects: [], sentTime: undefined });
  t.same(read('ETHBTC', '5'), { events: [], rejects: [], sentTime: undefined }, 'another quote is no fault');
  t.same(reasonsOf(read('NOPE', '5')), ['unknown_instrument']);
  for (const bad of [undefined, '', '-5', 'NaN', '1e400', '1e30', null]) {
    t.same(reasonsOf(read('BTCUSDT', bad)), ['invalid_field']);
  }
});

t.test('reads mark prices from a list and from one object', async (t) => {
  const row = { symbol: 'BTCUSDT', markPrice: '82651.9', indexPrice: '1', time: 1 };

  t.equal(markPricesOf(mapMarkPrices(row, context))[0]?.priceUsd, 82_651.9);
  const message = mapMarkPrices(
    [row, { symbol: 'BTCUSD_PERP', markPrice: '82650' }, { symbol: 'NOPE' }, { symbol: 'ETHBTC' }, { symbol: 8 }, 7],
    context,
  );
  t.same(
    markPricesOf(message).map(({ instrumentId, priceUsd }) => [instrumentId, priceUsd]),
    [
      ['BTCUSDT', 82_651.9],
      ['BTCUSD_PERP', 82_650],
    ],
  );
  t.same(
    reasonsOf(message),
    ['invalid_field', 'unknown_shape'],
    'contracts that are not listed come with every answer',
  );
});

t.test('reads the recorded answers', { skip: skipWithoutRecordings }, async (t) => {
  const answers: readonly { readonly path: string; readonly response: unknown }[] = JSON.parse(
    readRecorded('open-interest/binance_rest_answers.json'),
  );
  const current = answers.filter(({ path }) => path.endsWith('/openInterest'));

  const events = current.flatMap(({ response }) => openInterestOf(mapOpenInterest(response, context)));

  t.same(
    events.map(({ instrumentId, baseQuantity, notionalUsd }) => [instrumentId, baseQuantity ?? notionalUsd]),
    [
      ['BTCUSDT', 83_782.317],
      ['BTCUSD_PERP', 678_465_700],
    ],
  );
});

t.test('a contract whose state the venue does not tell counts as listed', async (t) => {
  const { instruments, rejects } = mapInstruments({ symbols: [{ ...linear, status: undefined }] }, 'linear');

  t.equal(instruments[0]?.instrumentId, linear.symbol);
  t.same(rejects, []);
});

t.test('tells a perpetual by its name where the venue leaves the type out', (t) => {
  const { instruments, rejects } = mapInstruments(
    {
      symbols: ['BTCUSDT', 'BTCUSDT_261225'].map((symbol) => ({ ...linear, symbol, contractType: undefined })),
    },
    'linear',
  );

  t.same(
    instruments.map(({ instrumentId, isPerpetual }) => [instrumentId, isPerpetual]),
    [
      ['BTCUSDT', true],
      ['BTCUSDT_261225', false],
    ],
  );
  t.same(rejects, []);
  t.end();
});
