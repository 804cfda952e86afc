import t from 'tap';
import { mapMessage } from '../../../../exporter/venues/bybit/messages.ts';
import { contextOf, contract, inverse, RECEIVED } from '../../../fixtures/frames/contracts.ts';
import { figuresOf, liquidationsOf, markPricesOf, openInterestOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readFrames, readRecorded, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const T = 1_791_565_600_992;
const context = contextOf('bybit', [
  ...['BTC', 'ETH', 'SOL', 'DOGE', 'STRK', 'MARSCOIN', 'PIPPIN'].map((base) => contract('bybit', `${base}USDT`, base)),
  contract('bybit', 'SHIB1000USDT', 'SHIB', { multiplier: 1000 }),
  contract('bybit', 'BTCUSDT-25DEC26', 'BTC', { isPerpetual: false }),
  contract('bybit', 'BTCEUR', 'BTC', { quote: 'EUR', isUsdQuoted: false }),
  inverse('bybit', 'BTCUSD', 'BTC', 1),
]);
const map = (message: unknown) => mapMessage(message, context);
const ENTRY = { T, s: 'BTCUSDT', S: 'Buy', v: '0.5', p: '80000' };
const liquidations = (...data: readonly unknown[]) => ({
  topic: 'allLiquidation.X',
  type: 'snapshot',
  ts: T + 490,
  data,
});
const ticker = (type: string, data: object) => ({ topic: 'tickers.X', type, ts: T, cs: 1, data });

t.test('maps every field of a liquidation', async (t) => {
  const message = map(liquidations(ENTRY));

  t.same(message.events, [
    {
      type: 'liquidation',
      exchange: 'bybit',
      instrumentId: 'BTCUSDT',
      symbol: 'BTC',
      liquidatedSide: 'long',
      priceUsd: 80_000,
      notionalUsd: 40_000,
      eventTime: T,
      receiveTime: RECEIVED,
    },
  ]);
  t.equal(message.sentTime, T + 490);
});

t.test('trap 4: a Bybit Buy is a liquidated long, a Sell a liquidated short', async (t) => {
  t.equal(liquidationsOf(map(liquidations({ ...ENTRY, S: 'Buy' })))[0]?.liquidatedSide, 'long');
  t.equal(liquidationsOf(map(liquidations({ ...ENTRY, S: 'Sell' })))[0]?.liquidatedSide, 'short');
  t.same(reasonsOf(map(liquidations({ ...ENTRY, S: 'SELL' }))), ['invalid_field']);
});

t.test('trap 15: an inverse liquidation is worth its size in dollars, whatever the price', async (t) => {
  t.same(figuresOf(map(liquidations({ ...ENTRY, s: 'BTCUSD', v: '6949' }))), [['BTCUSD', 'long', 6_949]]);
});

t.test('trap 16: two entries that are alike in every field are two liquidations', async (t) => {
  t.equal(map(liquidations(ENTRY, ENTRY)).events.length, 2);
});

t.test('trap 19: a scaled listing is its coin, at the price of one', async (t) => {
  const [event] = liquidationsOf(map(liquidations({ ...ENTRY, s: 'SHIB1000USDT', v: '1000', p: '0.012' })));

  t.equal(event?.symbol, 'SHIB');
  t.equal(event?.notionalUsd, 12);
  t.equal(event?.priceUsd, 0.000012);
});

t.test('trap 20: what is not quoted in dollars is no dollar figure', async (t) => {
  t.same(reasonsOf(map(liquidations({ ...ENTRY, s: 'BTCEUR' }))), ['quote_not_usd']);
});

t.test('drops an entry that is wrong and keeps its neighbours', async (t) => {
  for (const [entry, reason] of [
    [{ ...ENTRY, v: '-0.5' }, 'invalid_field'],
    [{ ...ENTRY, v: '0' }, 'invalid_field'],
    [{ ...ENTRY, v: '' }, 'invalid_field'],
    [{ ...ENTRY, p: 'NaN' }, 'invalid_field'],
    [{ ...ENTRY, p: null }, 'invalid_field'],
    [{ ...ENTRY, T: 'x' }, 'invalid_field'],
    [{ ...ENTRY, S: 1 }, 'invalid_field'],
    [{ ...ENTRY, s: undefined }, 'invalid_field'],
    [{ ...ENTRY, s: '__proto__' }, 'unknown_instrument'],
    [[], 'unknown_shape'],
    [null, 'unknown_shape'],
  ] as const) {
    const message = map(liquidations(ENTRY, entry, ENTRY));
    t.equal(message.events.length, 2);
    t.same(reasonsOf(message), [reason], JSON.stringify(entry));
  }
});

t.test('trap 5: only the single-sided open interest is read', async (t) => {
  const both = {
    symbol: 'BTCUSDT',
    markPrice: '65117.44',
    openInterest: '59891.732',
    openInterestValue: '3899996265.01',
  };

  const message = map(
    ticker('snapshot', { ...both, singleOpenInterest: '29945.866', singleOpenInterestValue: '1949998132.50' }),
  );
  t.equal(openInterestOf(message)[0]?.baseQuantity, 29_945.866);
  t.equal(markPricesOf(message)[0]?.priceUsd, 65_117.44);

  const without = map(ticker('snapshot', both));
  t.same(openInterestOf(without), [], 'neither the double figure nor a guess at half of it');
  t.same(reasonsOf(without), ['invalid_field']);
  t.equal(markPricesOf(without).length, 1);
});

t.test('trap 12: what a ticker delta leaves out is unchanged, not zero', async (t) => {
  t.same(map(ticker('delta', { symbol: 'BTCUSDT', bid1Price: '1' })), { events: [], rejects: [], sentTime: T });
  t.equal(map(ticker('delta', { symbol: 'BTCUSDT', markPrice: '65117.43' })).events.length, 1);
  t.same(map(ticker('delta', { symbol: 'BTCUSDT', openInterest: '5' })).events, [], 'the double figure stays unread');
  t.equal(openInterestOf(map(ticker('delta', { symbol: 'BTCUSDT', singleOpenInterest: '5' })))[0]?.baseQuantity, 5);
  t.same(reasonsOf(map(ticker('delta', { symbol: 'BTCUSDT', singleOpenInterest: '' }))), ['invalid_field']);
});

t.test('trap 15: inverse open interest is dollars, its value field is coins and unread', async (t) => {
  const data = {
    symbol: 'BTCUSD',
    markPrice: '80000',
    singleOpenInterest: '120056983',
    singleOpenInterestValue: '1044.9',
  };

  const [event] = openInterestOf(map(ticker('snapshot', data)));

  t.equal(event?.notionalUsd, 120_056_983);
  t.equal(event?.baseQuantity, undefined);
});

t.test('leaves out the open interest and price of dated contracts', async (t) => {
  const data = { symbol: 'BTCUSDT-25DEC26', markPrice: '80000', singleOpenInterest: '5' };

  t.same(map(ticker('snapshot', data)), { events: [], rejects: [], sentTime: T });
});

t.test('refuses every other topic and shape', async (t) => {
  for (const message of [
    null,
    [],
    'pong',
    {},
    { topic: 7 },
    { topic: 'publicTrade.BTCUSDT', data: [ENTRY] },
    { topic: 'allLiquidation.BTCUSDT', data: ENTRY },
    { topic: 'tickers.BTCUSDT', data: [] },
    { topic: '__proto__', data: [] },
    { success: true, ret_msg: 'pong', op: 'ping' },
  ]) {
    t.same(map(message).events, []);
    t.same(reasonsOf(map(message)), ['unknown_shape'], JSON.stringify(message));
  }
});

t.test('maps every recorded frame to the dollars worked out by hand', { skip: skipWithoutRecordings }, async (t) => {
  t.same(
    readFrames('bybit_allliquidation_frames.jsonl').flatMap((frame) => figuresOf(map(frame))),
    [
      ['BTCUSDT', 'long', 494.3814],
      ['BTCUSDT', 'long', 3_130.9834],
      ['STRKUSDT', 'long', 107.685085],
      ['MARSCOINUSDT', 'short', 303.0692],
      ['PIPPINUSDT', 'short', 69.89776],
    ],
  );
});

t.test('refuses the withdrawn liquidation topic in all its shapes', { skip: skipWithoutRecordings }, async (t) => {
  const messages = readFrames('bybit_liquidation_old_topic_frames.jsonl').map(map);

  t.same(
    messages.flatMap(({ events }) => events),
    [],
  );
  t.same(messages.flatMap(reasonsOf), Array(6).fill('unknown_shape'));
});

t.test('reads 43 s of recorded tickers without a reject', { skip: skipWithoutRecordings }, async (t) => {
  const lines = readRecorded('frames/bybit_v5_linear_acks_and_tickers_2026-08-09.jsonl.gz').trim().split('\n');
  const received = lines
    .map((line) => JSON.parse(line))
    .flatMap(({ t, data }) => (t === 'recv' ? [JSON.parse(data)] : []));
  const tickers = received.filter(({ topic }) => topic !== undefined);

  const messages = tickers.map(map);

  t.equal(messages.length, 758);
  t.same(messages.flatMap(reasonsOf), []);
  const quantities = messages.flatMap(openInterestOf);
  t.equal(quantities.length, tickers.filter(({ data }) => data.singleOpenInterest !== undefined).length);
  t.equal(quantities[0]?.baseQuantity, 29_945.866);
  t.ok(messages.every(({ sentTime }, index) => sentTime === tickers[index].ts));
});
