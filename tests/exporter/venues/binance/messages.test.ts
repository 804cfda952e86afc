import t from 'tap';
import { mapMessage } from '../../../../exporter/venues/binance/messages.ts';
import { contextOf, contract, inverse, RECEIVED } from '../../../fixtures/frames/contracts.ts';
import { figuresOf, liquidationsOf, markPricesOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readFrames, readRecorded, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const T = 1_791_565_602_120;
const context = contextOf('binance', [
  contract('binance', 'BTCUSDT', 'BTC'),
  contract('binance', 'BTCUSDT_261225', 'BTC', { isPerpetual: false }),
  inverse('binance', 'BTCUSD_PERP', 'BTC', 100),
  inverse('binance', 'BTCUSD_200925', 'BTC', 100),
  contract('binance', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 }),
  contract('binance', 'ETHBTC', 'ETH', { quote: 'BTC', isUsdQuoted: false }),
  contract('binance', 'BTCUSDC', 'BTC', { quote: 'USDC' }),
  ...['MANTA', 'XRP', 'STG', '牛来', 'IOTX', 'CTSI'].map((base) => contract('binance', `${base}USDT`, base)),
]);
const map = (message: unknown) => mapMessage(message, context);

// biome-ignore-start format: an order reads best on few lines
const ORDER = {
  s: 'BTCUSDT',
  S: 'SELL',
  o: 'LIMIT',
  f: 'IOC',
  q: '2.000',
  p: '70000',
  ap: '80000',
  X: 'FILLED',
  l: '0.100',
  z: '1.500',
  T,
};
// biome-ignore-end format: as above
const force = (order: object, beside: object = {}) => ({
  e: 'forceOrder',
  E: T + 1_005,
  o: { ...ORDER, ...order },
  ...beside,
});

t.test('maps every field of a USD-M order', async (t) => {
  const message = map(force({ st: 1, ps: 'BTCUSDT' }));

  t.same(message.events, [
    {
      type: 'liquidation',
      exchange: 'binance',
      instrumentId: 'BTCUSDT',
      symbol: 'BTC',
      liquidatedSide: 'long',
      priceUsd: 80_000,
      notionalUsd: 120_000,
      eventTime: T,
      receiveTime: RECEIVED,
    },
  ]);
  t.equal(message.sentTime, T + 1_005);
  t.same(message.rejects, []);
});

t.test('trap 2: a coin-margined order on the merged stream is worth contracts × contract size', async (t) => {
  const order = { s: 'BTCUSD_PERP', q: '2304', z: '2304', ap: '77000', p: '76000' };

  for (const [where, message] of [
    ['st in the order', force({ ...order, st: 2 })],
    ['st beside the order', force(order, { st: 2 })],
    ['no st at all', force(order)],
  ] as const) {
    t.same(figuresOf(map(message)), [['BTCUSD_PERP', 'long', 230_400]], where);
  }
});

t.test('trap 2: an order whose st contradicts the listing is dropped', async (t) => {
  t.same(reasonsOf(map(force({ st: 2 }))), ['invalid_field']);
  t.same(reasonsOf(map(force({ s: 'BTCUSD_PERP', st: 1 }))), ['invalid_field']);
  t.same(reasonsOf(map(force({}, { st: 3 }))), ['invalid_field']);
});

t.test('trap 2: a dated USD-M contract has an underscore and is linear all the same', async (t) => {
  t.same(figuresOf(map(force({ s: 'BTCUSDT_261225', st: 1 }))), [['BTCUSDT_261225', 'long', 120_000]]);
});

t.test('trap 4: a Binance SELL is a liquidated long, a BUY a liquidated short', async (t) => {
  t.equal(liquidationsOf(map(force({ S: 'SELL' })))[0]?.liquidatedSide, 'long');
  t.equal(liquidationsOf(map(force({ S: 'BUY' })))[0]?.liquidatedSide, 'short');
  t.same(reasonsOf(map(force({ S: 'Sell' }))), ['invalid_field']);
});

t.test('trap 6: the size is what was filled in all, the price the average fill', async (t) => {
  const message = map(force({ q: '1861', l: '38', z: '1861', p: '0.0348700', ap: '0.0387407' }));

  t.same(figuresOf(message), [['BTCUSDT', 'long', 72.0964427]]);
});

t.test('falls back where the fill is not known', async (t) => {
  for (const [title, order, expected] of [
    ['ap missing: z × p', { ap: undefined }, 1.5 * 70_000],
    ['ap "None": z × p', { ap: 'None' }, 1.5 * 70_000],
    ['ap null: z × p', { ap: null }, 1.5 * 70_000],
    ['z missing: q × ap', { z: undefined }, 2 * 80_000],
    ['z "None", ap "None": q × p', { z: 'None', ap: 'None' }, 2 * 70_000],
    ['ap "0": q × p', { ap: '0' }, 2 * 70_000],
    ['ap "0.00000": q × p', { ap: '0.00000' }, 2 * 70_000],
    ['z "0": q × p', { z: '0.000' }, 2 * 70_000],
    ['z 0: q × p', { z: 0 }, 2 * 70_000],
  ] as const) {
    t.same(figuresOf(map(force(order))), [['BTCUSDT', 'long', expected]], title);
  }
});

t.test('drops an order with a field that is not right, and names the field', async (t) => {
  for (const [order, named] of [
    [{ z: '-1' }, 'size is "-1"'],
    [{ z: '' }, 'size is ""'],
    [{ z: 'NaN' }, 'size is "NaN"'],
    [{ z: '1e400' }, 'size is "1e400"'],
    [{ z: Number.POSITIVE_INFINITY }, 'size is Infinity'],
    [{ z: ['1'] }, 'size is a list'],
    [{ z: '0', q: '0' }, 'size is "0"'],
    [{ ap: '0x10' }, 'price is "0x10"'],
    [{ ap: {} }, 'price is an object'],
    [{ ap: '1e12', z: '0.0001' }, 'price is "1e12"'],
    [{ z: '1e20' }, 'notional is'],
    [{ T: '' }, 'time is ""'],
    [{ T: undefined }, 'time is missing'],
    [{ T: 1_791_565_602 }, 'time is 1791565602'],
    [{ T: 1_791_565_602_120_000 }, 'time is 1791565602120000'],
    [{ T: -T }, `time is -${T}`],
  ] as const) {
    const message = map(force(order));
    t.same(message.events, []);
    t.same(reasonsOf(message), ['invalid_field']);
    t.match(message.rejects[0]?.detail, named);
  }
});

t.test('trap 19: base and quote come from the listing, also where the name is not ASCII or scaled', async (t) => {
  const chinese = liquidationsOf(map(force({ s: '牛来USDT', z: '9243', ap: '0.1057892' })))[0];
  const pepe = liquidationsOf(map(force({ s: '1000PEPEUSDT', z: '5000', ap: '0.01' })))[0];

  t.equal(chinese?.symbol, '牛来');
  t.equal(pepe?.symbol, 'PEPE');
  t.equal(pepe?.notionalUsd, 50, 'the multiplier cancels out of the value');
  t.equal(pepe?.priceUsd, 0.00001, 'the price is that of one PEPE');
});

t.test('trap 20: what is not quoted in dollars is no dollar figure', async (t) => {
  t.same(reasonsOf(map(force({ s: 'ETHBTC' }))), ['quote_not_usd']);
  t.same(figuresOf(map(force({ s: 'BTCUSDC' }))), [['BTCUSDC', 'long', 120_000]]);
});

t.test('does not find a contract among the keys of a prototype', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
    t.same(reasonsOf(map(force({ s: name }))), ['unknown_instrument'], name);
  }
  t.same(reasonsOf(map(force({ s: 7 }))), ['invalid_field']);
});

t.test('takes an order bare, in an envelope, and in a list', async (t) => {
  const stream = '!forceOrder@arr';

  t.equal(map(force({})).events.length, 1);
  t.equal(map({ stream, data: force({}) }).events.length, 1);
  t.equal(map([force({}), force({ S: 'BUY' })]).events.length, 2);
  t.equal(map({ stream, data: [force({}), force({})] }).events.length, 2, 'trap 16: twins are two events');
});

t.test('an entry that is wrong does not spoil its neighbours', async (t) => {
  const message = map([force({ z: '-1' }), 7, force({})]);

  t.equal(message.events.length, 1);
  t.same(reasonsOf(message), ['invalid_field', 'unknown_shape']);
});

t.test('reads mark prices, bare, in an envelope and of all markets', async (t) => {
  const mark = { e: 'markPriceUpdate', E: T, s: 'BTCUSDT', p: '82651.90', i: '82600', P: '0', r: '0.0001', T };
  const pepe = { ...mark, s: '1000PEPEUSDT', p: '0.01', E: T + 1 };
  const dated = { ...mark, s: 'BTCUSDT_261225' };

  const message = map({ stream: '!markPrice@arr@1s', data: [mark, pepe, dated] });

  t.same(
    markPricesOf(message).map(({ symbol, priceUsd }) => [symbol, priceUsd]),
    [
      ['BTC', 82_651.9],
      ['PEPE', 0.00001],
    ],
  );
  t.equal(message.sentTime, T + 1);
  t.same(message.rejects, [], 'a dated contract is left out, not refused');
  t.equal(map({ stream: 'btcusdt@markPrice@1s', data: mark }).events.length, 1);
  t.same(reasonsOf(map({ ...mark, p: '' })), ['invalid_field']);
  t.same(reasonsOf(map({ ...mark, s: 'ETHBTC' })), []);
  t.same(reasonsOf(map({ ...mark, s: 'NOPE' })), ['unknown_instrument']);
});

t.test('a send time that is no time is no sample, and no fault of the order', async (t) => {
  const message = map({ ...force({}), E: 'soon' });

  t.equal(message.sentTime, undefined);
  t.equal(message.events.length, 1);
});

t.test('refuses what is neither an order nor a mark price', async (t) => {
  for (const message of [
    null,
    7,
    'pong',
    [],
    {},
    { stream: 'x' },
    { result: null, id: 1 },
    { e: 'aggTrade' },
    { e: 'forceOrder' },
  ]) {
    t.same(map(message).events, []);
    t.same(reasonsOf(map(message)), Array.isArray(message) ? [] : ['unknown_shape'], JSON.stringify(message));
  }
});

t.test('maps every recorded frame to the dollars worked out by hand', { skip: skipWithoutRecordings }, async (t) => {
  const expected = [
    ['BTCUSDT', 'long', 15_703.861],
    ['MANTAUSDT', 'long', 147.98333817],
    ['XRPUSDT', 'short', 21.62622],
    ['STGUSDT', 'long', 0.6775],
    ['BTCUSDT', 'short', 83.5985],
    ['牛来USDT', 'long', 977.8095756],
    ['IOTXUSDT', 'long', 244.15209],
    ['BTCUSDT', 'long', 3_018.1865],
    ['CTSIUSDT', 'long', 214.2075],
    ['BTCUSDT', 'short', 65.88456],
  ];

  t.same(
    readFrames('binance_forceorder_frames.jsonl').flatMap((frame) => figuresOf(map(frame))),
    expected,
  );
  t.same(
    readFrames('binance_coinm_forceorder_frames.jsonl').flatMap((frame) => figuresOf(map(frame))),
    [['BTCUSD_200925', 'long', 300]],
  );
});

t.test(
  'counts a look-alike of Binance only under a contract that Binance lists',
  { skip: skipWithoutRecordings },
  async (t) => {
    const messages = readFrames('binance_like_testnet_and_aster_frames.jsonl').map(map);

    t.same(messages.flatMap(reasonsOf), ['unknown_instrument', 'unknown_instrument']);
  },
);

t.test('values every recorded order as the file itself does', { skip: skipWithoutRecordings }, async (t) => {
  const lines = readRecorded('liquidations/binance_usdm_forceorder_orders.jsonl.gz').trim().split('\n');
  const orders = lines.map((line) => JSON.parse(line).o);
  const listed = contextOf(
    'binance',
    [...new Set(orders.map(({ s }) => s))].map((s) => contract('binance', s, 'X')),
  );
  const expected = orders.reduce((sum, { z, p, ap }) => sum + z * (ap === undefined || ap === 'None' ? p : ap), 0);

  const messages = orders.map((o) => mapMessage({ e: 'forceOrder', o }, listed));

  t.same(messages.flatMap(reasonsOf), []);
  const notional = messages.flatMap(liquidationsOf).reduce((sum, event) => sum + event.notionalUsd, 0);
  t.equal(messages.flatMap(liquidationsOf).length, 2_833);
  t.ok(Math.abs(notional / expected - 1) < 1e-12, `${notional} is ${expected}`);
});
