// Property: whatever is done to a message, a mapper never throws and never gives a figure that cannot be.

import fc from 'fast-check';
import t from 'tap';
import type { MapContext } from '../../../exporter/catalogue/contract-list.ts';
import type { Instrument } from '../../../exporter/catalogue/instruments.ts';
import type { MappedMessage } from '../../../exporter/events.ts';
import { ownUrls } from '../../../exporter/venues/venue.ts';
import { contextOf, contract, inverse } from '../../fixtures/frames/contracts.ts';
import { venueOf } from '../../support/venues.ts';

const RUNS = 12_000;
const TIME = 1_791_565_602_120;

const CONTRACTS: Readonly<Record<'binance' | 'bybit' | 'okx', readonly Instrument[]>> = {
  binance: [
    contract('binance', 'BTCUSDT', 'BTC'),
    inverse('binance', 'BTCUSD_PERP', 'BTC', 100),
    contract('binance', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 }),
  ],
  bybit: [contract('bybit', 'BTCUSDT', 'BTC'), inverse('bybit', 'BTCUSD', 'BTC', 1)],
  okx: [contract('okx', 'BTC-USDT-SWAP', 'BTC', { contractValue: 0.01 }), inverse('okx', 'BTC-USD-SWAP', 'BTC', 100)],
};

// biome-ignore-start format: a message reads best on few lines
const order = {
  s: 'BTCUSDT',
  S: 'SELL',
  o: 'LIMIT',
  f: 'IOC',
  q: '2',
  p: '70000',
  ap: '80000',
  X: 'FILLED',
  l: '0.1',
  z: '1.5',
  T: TIME,
  ps: 'BTCUSDT',
  st: 1,
};
const detail = { bkLoss: '0', bkPx: '82655.7', ccy: '', posSide: 'net', side: 'sell', sz: '8.55', ts: String(TIME) };
const FRAMES: Readonly<Record<'binance' | 'bybit' | 'okx', readonly unknown[]>> = {
  binance: [
    { stream: '!forceOrder@arr', data: { e: 'forceOrder', E: TIME, o: order } },
    { e: 'forceOrder', E: TIME, o: { ...order, s: 'BTCUSD_PERP', st: 2, z: '3' } },
    [{ e: 'markPriceUpdate', E: TIME, s: '1000PEPEUSDT', p: '0.01' }],
    {
      symbols: [
        {
          symbol: 'BTCUSDT',
          status: 'TRADING',
          contractType: 'PERPETUAL',
          baseAsset: 'BTC',
          quoteAsset: 'USDT',
          contractSize: 100,
        },
      ],
    },
    { openInterest: '10659.509', symbol: 'BTCUSDT', time: TIME },
  ],
  bybit: [
    {
      topic: 'allLiquidation.BTCUSDT',
      type: 'snapshot',
      ts: TIME,
      data: [
        { T: TIME, s: 'BTCUSDT', S: 'Buy', v: '0.5', p: '80000' },
        { T: TIME, s: 'BTCUSD', S: 'Sell', v: '5', p: '80000' },
      ],
    },
    {
      topic: 'tickers.BTCUSDT',
      type: 'snapshot',
      ts: TIME,
      data: { symbol: 'BTCUSDT', markPrice: '65117.44', openInterest: '59891', singleOpenInterest: '29945' },
    },
    {
      retCode: 0,
      result: {
        list: [
          {
            symbol: 'BTCUSDT',
            markPrice: '65117.44',
            singleOpenInterest: '29945',
            status: 'Trading',
            contractType: 'LinearPerpetual',
            baseCoin: 'BTC',
            quoteCoin: 'USDT',
          },
        ],
      },
    },
  ],
  okx: [
    {
      arg: { channel: 'liquidation-orders' },
      data: [
        { instId: 'BTC-USDT-SWAP', details: [detail, detail] },
        { instId: 'BTC-USD-SWAP', details: [detail] },
      ],
    },
    { arg: { channel: 'open-interest' }, data: [{ instId: 'BTC-USDT-SWAP', oi: '2216113.01', ts: String(TIME) }] },
    {
      code: '0',
      data: [
        {
          instId: 'BTC-USDT-SWAP',
          instType: 'SWAP',
          state: 'live',
          ctType: 'linear',
          ctVal: '0.01',
          ctMult: '1',
          ctValCcy: 'BTC',
          uly: 'BTC-USDT',
          markPx: '1',
          oi: '5',
        },
      ],
    },
  ],
};
// biome-ignore-end format: as above

const garbage = fc.oneof(
  fc.constantFrom<unknown>(
    '-1',
    '1e400',
    '1e308',
    '',
    'NaN',
    '0',
    '0.0',
    'None',
    '__proto__',
    'constructor',
    '牛来USDT',
    null,
    true,
  ),
  fc.constantFrom<unknown>(
    -1,
    0,
    1e308,
    Number.POSITIVE_INFINITY,
    2,
    3,
    9e15,
    [],
    {},
    [[[]]],
    { length: 1e9 },
    'Buy',
    'SELL',
    'x'.repeat(500),
  ),
  fc.json({ maxDepth: 3 }).map((text): unknown => JSON.parse(text)),
  fc.double().map(String),
);

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'wrap' | 'double' | 'poison';
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(60),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'wrap', 'double', 'poison'),
  value: garbage,
});

/** A copy of the message with its node number `at` (counted in reading order, round and round) mutated. */
function mutate(message: unknown, { at, kind, value }: Mutation): unknown {
  const count = JSON.stringify(message, (_key, node) => node ?? 0).split(/[,[{]/).length;
  let index = at % Math.max(1, count);
  const visit = (node: unknown): unknown => {
    if (index-- === 0) return change(node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  const change = (node: unknown): unknown => {
    switch (kind) {
      case 'replace':
        return value;
      case 'remove':
        return undefined;
      case 'wrap':
        return [node];
      case 'double':
        return Array.isArray(node) ? [...node, ...node, value] : { ...Object(node), extra: value };
      case 'poison':
        return JSON.parse(`{"__proto__":{"s":"BTCUSDT"},"constructor":1,"s":"__proto__"}`);
    }
  };
  return visit(message);
}

function isSound({ events, rejects }: MappedMessage, symbols: ReadonlySet<string>): boolean {
  const isRejectSound = rejects.every(({ detail }) => detail.length <= 200);
  return isRejectSound && events.every((event) => symbols.has(event.symbol) && isEventSound(event));
}

function isEventSound(event: MappedMessage['events'][number]): boolean {
  switch (event.type) {
    case 'liquidation':
      return (
        isPositive(event.notionalUsd) &&
        isPositive(event.priceUsd) &&
        event.notionalUsd <= 1e11 &&
        event.eventTime > 1.4e12
      );
    case 'mark_price':
      return isPositive(event.priceUsd);
    case 'open_interest':
      return isFigure(event.baseQuantity ?? event.notionalUsd);
  }
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function isFigure(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

function mapAll(
  exchange: 'binance' | 'bybit' | 'okx',
  message: unknown,
  context: MapContext,
): readonly MappedMessage[] {
  const venue = venueOf(exchange);
  const { contractLists, openInterest, markPrices } = venue.rest(ownUrls(venue));
  for (const { contractValue, multiplier, symbol } of contractLists.flatMap(
    ({ mapContracts }) => mapContracts(message).instruments,
  )) {
    if (!isPositive(contractValue) || !isPositive(multiplier) || symbol.length > 32)
      throw new Error('unsound instrument');
  }
  const calls = [...openInterest(CONTRACTS[exchange]), ...markPrices];
  return [venue.mapMessage(message, context), ...calls.map(({ map }) => map(message, context))];
}

for (const exchange of ['binance', 'bybit', 'okx'] as const) {
  t.test(`${RUNS} mutated ${exchange} messages give sound figures or none`, async (t) => {
    const context = contextOf(exchange, CONTRACTS[exchange]);
    const symbols = new Set<string>(CONTRACTS[exchange].map(({ symbol }) => symbol));
    let events = 0;
    let rejects = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...FRAMES[exchange]),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (frame, mutations) => {
          const message = mutations.reduce(mutate, frame);
          for (const mapped of mapAll(exchange, message, context)) {
            events += mapped.events.length;
            rejects += mapped.rejects.length;
            if (!isSound(mapped, symbols)) return false;
          }
          return true;
        },
      ),
      { numRuns: RUNS },
    );
    t.ok(events > RUNS / 20, `${events} events survived: the mutations are not all fatal`);
    t.ok(rejects > RUNS / 2, `${rejects} rejects: the mutations do reach the mappers`);
  });

  t.test(`a ${exchange} message cut off anywhere is no JSON, so that no half of it reaches a mapper`, async (t) => {
    const [frame] = FRAMES[exchange];
    const text = JSON.stringify(frame);
    for (let length = 0; length < text.length; length++) t.throws(() => JSON.parse(text.slice(0, length)), SyntaxError);
  });
}
