// What each venue's protocol asks for and how it reads what is not data, beside what the sockets show.

import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { asRecord, textOf } from '../../../common/json-shape.ts';
import { binanceProtocol } from '../../../exporter/venues/binance/protocol.ts';
import { bybitProtocol } from '../../../exporter/venues/bybit/protocol.ts';
import { okxProtocol } from '../../../exporter/venues/okx/protocol.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { catalogueOf, symbols } from '../connections/feed-harness.ts';

const binance = binanceProtocol(['wss://host/market']);
const bybit = bybitProtocol(['wss://host/v5/public']);
const okx = okxProtocol(['wss://first/ws', 'wss://second/ws']);

t.test('plans the connections of each venue', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const catalogue = await catalogueOf(...venues.all);
  const watched = symbols('BTC', '牛来');

  t.match(binance.plan(catalogue.list('binance'), watched, []), [
    {
      urls: [
        'wss://host/market/stream?streams=!forceOrder@arr/btcusdt@markPrice@1s/%E7%89%9B%E6%9D%A5usdt@markPrice@1s',
      ],
      topics: [],
      contracts: 11,
    },
  ]);
  t.match(okx.plan(catalogue.list('okx'), watched, []), [
    { urls: ['wss://first/ws', 'wss://second/ws'], topics: ['liquidation-orders:SWAP', 'liquidation-orders:FUTURES'] },
  ]);
  const routes = bybit.plan(catalogue.list('bybit'), watched, []);
  t.same(
    routes.map(({ name, controlTopics }) => [name, ...controlTopics]),
    [
      ['linear-1', 'tickers.BTCUSDT', 'tickers.牛来USDT'],
      ['linear-2', 'tickers.BTCUSDT'],
      ['inverse-1', 'tickers.BTCUSD'],
      ['inverse-2', 'tickers.BTCUSD'],
    ],
  );
  t.same(bybit.plan(catalogue.list('bybit'), watched, routes), routes, 'a second look moves nothing');
  for (const protocol of [binance, bybit, okx]) t.same(protocol.plan([], watched, []), [], 'nothing without contracts');
});

t.test('finds a control stream for a venue that lists none of the watched symbols', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const catalogue = await catalogueOf(venues.bybit);
  const [route] = bybit.plan(catalogue.list('bybit'), symbols('DOGE'), []);
  t.match(route, { name: 'linear-1', controlTopics: ['tickers.BTCUSDT'] });
});

t.test('reads what is not data', async (t) => {
  const cases = [
    [binance, { result: null, id: 1 }, { type: 'acknowledged', requestId: '1' }],
    [binance, { error: { code: 2, msg: 'Invalid request' }, id: 3 }, { type: 'rejected', text: 'Invalid request' }],
    [binance, { code: 2, msg: 'Invalid request' }, { type: 'rejected', text: 'Invalid request' }],
    [binance, { error: {} }, { type: 'rejected', text: 'request refused' }],
    [bybit, { success: true, ret_msg: '', req_id: '1', op: 'subscribe' }, { type: 'acknowledged', requestId: '1' }],
    [bybit, { op: 'pong', args: ['1791457528000'] }, { type: 'pong' }],
    [bybit, { success: true, ret_msg: 'pong', op: 'ping' }, { type: 'pong' }],
    [
      bybit,
      { success: false, ret_msg: 'error:already subscribed,topic:allLiquidation.BTCUSDT', op: 'subscribe' },
      { type: 'rejected', topic: 'allLiquidation.BTCUSDT', isAlreadySubscribed: true },
    ],
    [bybit, { success: false }, { type: 'rejected', topic: undefined, isAlreadySubscribed: false }],
    [bybit, { op: 'auth', success: true }, { type: 'ignored' }],
    [
      okx,
      { event: 'subscribe', arg: { channel: 'mark-price', instId: 'X' } },
      { type: 'acknowledged', topic: 'mark-price:X' },
    ],
    [okx, { event: 'error', code: '60012', msg: 'Invalid request' }, { type: 'rejected', text: /60012/ }],
    [okx, { event: 'error' }, { type: 'rejected', text: 'no reason given (code none)' }],
    [okx, { event: 'notice', code: '64008', msg: 'soon' }, { type: 'reconnect' }],
    [okx, { event: 'notice', code: '1' }, { type: 'ignored' }],
    [okx, { event: 'channel-conn-count' }, { type: 'ignored' }],
  ] as const;
  for (const [protocol, frame, expected] of cases)
    t.match(protocol.readControl(frame), expected, JSON.stringify(frame));
});

t.test('leaves everything else to the mapper', async (t) => {
  const frames: readonly unknown[] = [null, 7, 'x', [], {}];
  for (const protocol of [binance, bybit, okx]) {
    for (const frame of frames)
      t.equal(protocol.readControl(frame), undefined, `${protocol.exchange} ${JSON.stringify(frame)}`);
  }
  t.equal(binance.readControl({ stream: 'x', data: {} }), undefined);
  t.equal(bybit.readControl({ topic: 'x', success: false }), undefined);
  t.equal(okx.readControl({ arg: {}, data: [] }), undefined);
});

t.test('asks in each venue’s words', async (t) => {
  t.same(JSON.parse(binance.subscribeFrame('4', ['a'])), { method: 'SUBSCRIBE', params: ['a'], id: 4 });
  t.same(JSON.parse(bybit.subscribeFrame('4', ['a'])), { op: 'subscribe', args: ['a'], req_id: '4' });
  t.same(JSON.parse(okx.subscribeFrame('4', ['liquidation-orders:SWAP', 'mark-price:BTC-USDT-SWAP'])), {
    id: '4',
    op: 'subscribe',
    args: [
      { channel: 'liquidation-orders', instType: 'SWAP' },
      { channel: 'mark-price', instId: 'BTC-USDT-SWAP' },
    ],
  });
});

const RECORDED = new URL('../../../../shared/data/frames/control_frames.jsonl', import.meta.url);

t.test(
  'recognises every recorded control frame',
  { skip: existsSync(RECORDED) ? false : 'no recorded data here' },
  async (t) => {
    const lines = readFileSync(RECORDED, 'utf8').trim().split('\n');
    for (const line of lines) {
      const note = textOf(asRecord(JSON.parse(line))?.note) ?? '';
      const raw = textOf(asRecord(JSON.parse(line))?.raw) ?? '';
      const protocol = note.startsWith('okx') ? okx : bybit;
      const expected = note.includes('pong') ? 'pong' : note.includes('error') ? 'rejected' : 'acknowledged';
      t.equal(protocol.readControl(JSON.parse(raw))?.type, expected, note);
    }
  },
);
