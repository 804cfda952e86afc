import t from 'tap';
import { mapMessage } from '../../../../exporter/venues/okx/messages.ts';
import { contextOf, contract, inverse, RECEIVED } from '../../../fixtures/frames/contracts.ts';
import { figuresOf, liquidationsOf, markPricesOf, openInterestOf, reasonsOf } from '../../../fixtures/frames/mapped.ts';
import { readFrames, skipWithoutRecordings } from '../../../fixtures/frames/recorded.ts';

const TS = '1791565600771';
const linear = (family: string, contractValue: number) =>
  contract('okx', `${family}-SWAP`, family.slice(0, family.indexOf('-')), { contractValue });
const context = contextOf('okx', [
  linear('BTC-USDT', 0.01),
  linear('MUBARAK-USDT', 10),
  linear('CNPY-USDT', 1),
  linear('MINA-USDT', 1),
  linear('IOST-USDT', 1000),
  inverse('okx', 'BTC-USD-SWAP', 'BTC', 100),
  { ...inverse('okx', 'XRP-USD-230929', 'XRP', 10), isPerpetual: false },
  contract('okx', 'ETH-EUR-SWAP', 'ETH', { quote: 'EUR', isUsdQuoted: false }),
]);
const map = (message: unknown) => mapMessage(message, context);
const DETAIL = { bkLoss: '0', bkPx: '82655.7', ccy: '', posSide: 'long', side: 'sell', sz: '8.55', ts: TS };
const row = (...details: readonly unknown[]) => ({
  instId: 'BTC-USDT-SWAP',
  instType: 'SWAP',
  uly: 'BTC-USDT',
  details,
});
const push = (...data: readonly unknown[]) => ({ arg: { channel: 'liquidation-orders', instType: 'SWAP' }, data });

t.test('trap 7: the size is contracts, fractions too, times the value of one', async (t) => {
  const message = map(push(row(DETAIL)));

  t.same(figuresOf(message), [['BTC-USDT-SWAP', 'long', 7_067.06235]]);
  t.match(message.events[0], {
    exchange: 'okx',
    symbol: 'BTC',
    priceUsd: 82_655.7,
    eventTime: Number(TS),
    receiveTime: RECEIVED,
  });
  t.equal(message.sentTime, undefined, 'the time of a liquidation is no sample of the clock');
});

t.test('traps 7 and 15: an inverse contract is worth its face value, whatever the price', async (t) => {
  const inverseRow = { ...row({ ...DETAIL, sz: '12' }), instId: 'BTC-USD-SWAP' };

  t.same(figuresOf(map(push(inverseRow))), [['BTC-USD-SWAP', 'long', 1_200]]);
});

t.test('traps 4 and 8: the side is the position side, and with net or none the order side turned round', async (t) => {
  for (const [posSide, side, expected] of [
    ['long', 'sell', 'long'],
    ['short', 'buy', 'short'],
    ['net', 'sell', 'long'],
    ['net', 'buy', 'short'],
    ['net', '', undefined],
    ['', 'sell', 'long'],
    [undefined, 'buy', 'short'],
    [undefined, undefined, undefined],
    [null, 'sell', undefined],
    ['constructor', 'sell', undefined],
  ] as const) {
    const message = map(push(row({ ...DETAIL, posSide, side })));
    t.equal(liquidationsOf(message)[0]?.liquidatedSide, expected, `${posSide}/${side}`);
    t.same(reasonsOf(message), expected === undefined ? ['invalid_field'] : []);
  }
});

t.test('trap 8: all details of all rows count', async (t) => {
  const other = { ...row(DETAIL, { ...DETAIL, posSide: 'short', sz: '1' }), instId: 'BTC-USD-SWAP' };

  const message = map(push(row(DETAIL, { ...DETAIL, sz: '1' }), other));

  t.same(
    figuresOf(message).map(([id, side]) => [id, side]),
    [
      ['BTC-USDT-SWAP', 'long'],
      ['BTC-USDT-SWAP', 'long'],
      ['BTC-USD-SWAP', 'long'],
      ['BTC-USD-SWAP', 'short'],
    ],
  );
});

t.test('trap 9: late and out-of-order details are handed on in the order they came', async (t) => {
  const older = String(Number(TS) - 480_000);

  const message = map(push(row(DETAIL, { ...DETAIL, ts: older })));

  t.same(
    liquidationsOf(message).map(({ eventTime }) => String(eventTime)),
    [TS, older],
  );
});

t.test('trap 16: two details that are alike in every field are two liquidations', async (t) => {
  t.equal(map(push(row(DETAIL, DETAIL))).events.length, 2);
});

t.test('trap 20: what is not quoted in dollars is no dollar figure', async (t) => {
  t.same(reasonsOf(map(push({ ...row(DETAIL), instId: 'ETH-EUR-SWAP' }))), ['quote_not_usd']);
});

t.test('drops what is wrong and keeps its neighbours', async (t) => {
  for (const [bad, reason] of [
    [row({ ...DETAIL, sz: '-1' }), 'invalid_field'],
    [row({ ...DETAIL, sz: '' }), 'invalid_field'],
    [row({ ...DETAIL, bkPx: '0' }), 'invalid_field'],
    [row({ ...DETAIL, ts: '' }), 'invalid_field'],
    [row(null), 'invalid_field'],
    [{ ...row(), details: {} }, 'invalid_field'],
    [{ ...row(DETAIL), instId: 'NOPE-USDT-SWAP' }, 'unknown_instrument'],
    [{ ...row(DETAIL), instId: '__proto__' }, 'unknown_instrument'],
    [{ ...row(DETAIL), instId: undefined }, 'invalid_field'],
    ['row', 'unknown_shape'],
  ] as const) {
    const message = map(push(row(DETAIL), bad, row(DETAIL)));
    t.equal(message.events.length, 2);
    t.same(reasonsOf(message), [reason], JSON.stringify(bad));
  }
});

t.test('reads open interest in contracts, not in the conversions of the venue', async (t) => {
  const oi = { instId: 'BTC-USDT-SWAP', oi: '2216113.01000000309', oiCcy: '1', oiUsd: '2', ts: '1743041250440' };
  const message = map({
    arg: { channel: 'open-interest', instId: 'x' },
    data: [oi, { ...oi, instId: 'BTC-USD-SWAP', oi: '7' }],
  });

  const [coins, dollars] = openInterestOf(message);
  t.ok(Math.abs((coins?.baseQuantity ?? 0) - 22_161.1301) < 1e-6);
  t.equal(dollars?.notionalUsd, 700);
  t.equal(message.sentTime, 1_743_041_250_440);
});

t.test('reads mark prices; a ticker only times the clock', async (t) => {
  const mark = { arg: { channel: 'mark-price' }, data: [{ instId: 'BTC-USDT-SWAP', markPx: '82655.7', ts: TS }] };
  const ticker = {
    arg: { channel: 'tickers' },
    data: [{ instId: 'BTC-USDT-SWAP', last: '82655', ts: TS }, { ts: '5' }],
  };

  t.equal(markPricesOf(map(mark))[0]?.priceUsd, 82_655.7);
  t.equal(map(mark).sentTime, Number(TS));
  t.same(map(ticker), { events: [], rejects: [], sentTime: Number(TS) });
});

t.test('refuses every other channel and shape', async (t) => {
  for (const message of [
    null,
    'pong',
    [],
    {},
    { arg: 7 },
    { arg: { channel: 'trades' }, data: [] },
    { arg: { channel: '__proto__' }, data: [] },
    { arg: { channel: 'liquidation-orders' } },
    { arg: { channel: 'liquidation-orders' }, data: {} },
    { event: 'error', code: '60012', msg: 'Invalid request' },
  ]) {
    t.same(map(message).events, []);
    t.same(reasonsOf(map(message)), ['unknown_shape'], JSON.stringify(message));
  }
});

t.test('maps every recorded frame to the dollars worked out by hand', { skip: skipWithoutRecordings }, async (t) => {
  t.same(
    readFrames('okx_liquidation_orders_frames.jsonl').flatMap((frame) => figuresOf(map(frame))),
    [
      ['BTC-USDT-SWAP', 'long', 7_067.06235],
      ['MUBARAK-USDT-SWAP', 'long', 1.45364],
      ['CNPY-USDT-SWAP', 'short', 889.4194],
      ['MINA-USDT-SWAP', 'short', 1_082.02525],
      ['XRP-USD-230929', 'short', 390],
      ['IOST-USDT-SWAP', 'short', 101.803],
    ],
  );
});
