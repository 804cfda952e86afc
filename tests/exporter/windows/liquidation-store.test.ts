import t from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import { LiquidationStore, type LiquidationStoreOptions } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { liquidation, START } from './liquidations.ts';

function openStore(options: Partial<LiquidationStoreOptions> = {}): LiquidationStore {
  return new LiquidationStore({
    symbols: [canonicalSymbol('BTC')],
    exchanges: SIMULATED,
    ringSize: 8,
    ...options,
  });
}

t.test('counters of listed symbols exist at 0, for the configured venues only', (t) => {
  const totals = [...openStore({ exchanges: ['bybit', 'okx'] }).totals()];
  t.same(
    totals.map(({ exchange, side, events, notionalUsd }) => [exchange, side, events, notionalUsd]),
    [
      ['bybit', 'long', 0, 0],
      ['bybit', 'short', 0, 0],
      ['okx', 'long', 0, 0],
      ['okx', 'short', 0, 0],
    ],
  );
  t.end();
});

t.test('watching all symbols, only what was seen has counters', (t) => {
  const liquidations = openStore({ symbols: undefined });
  t.same([...liquidations.totals()], []);
  liquidations.take(liquidation({ at: 0, symbol: 'PEPE', exchange: 'okx', side: 'short', notionalUsd: 12.5 }), 0);
  liquidations.take(liquidation({ at: 0, symbol: 'PEPE', exchange: 'okx', side: 'short', notionalUsd: 12.5 }), 0);
  t.same([...liquidations.totals()], [{ exchange: 'okx', symbol: 'PEPE', side: 'short', events: 2, notionalUsd: 25 }]);
  t.same(
    liquidations.symbolViews(epochMs(START)).map(({ symbol }) => symbol),
    ['PEPE'],
  );
  t.end();
});

t.test('a late event is counted, also as late, and stays out of bursts', (t) => {
  const liquidations = openStore();
  t.equal(liquidations.take(liquidation({ at: 0, exchange: 'okx', lagMs: 12_000 }), 0), 'late');
  t.same(liquidations.lateTotals(), [
    ['binance', 0],
    ['bybit', 0],
    ['okx', 1],
  ]);
  t.equal([...liquidations.totals()].find(({ exchange }) => exchange === 'okx')?.events, 1);
  t.same(liquidations.symbolViews(epochMs(START + 12_000))[0]?.bursts, { slots: [], points: 0 });
  t.same(liquidations.marketView(epochMs(START + 12_000)).bursts, []);
  t.end();
});

t.test('an event of eight minutes ago is counted and takes no room', (t) => {
  const liquidations = openStore();
  t.equal(liquidations.take(liquidation({ at: 0, exchange: 'okx', lagMs: 480_000 }), 0), 'late');
  t.same(liquidations.symbolViews(epochMs(START + 480_000)), []);
  t.equal(liquidations.recent.size, 1);
  t.end();
});

t.test('what is from the future or absurd is kept nowhere', (t) => {
  const liquidations = openStore();
  t.equal(liquidations.take(liquidation({ at: 2_001, lagMs: -2_001 }), 0), 'future');
  t.equal(liquidations.take(liquidation({ at: 0, notionalUsd: 1e12 }), 0), 'absurd');
  t.equal(liquidations.recent.size, 0);
  t.ok([...liquidations.totals()].every(({ events }) => events === 0));
  t.same(liquidations.marketView(epochMs(START + 2_001)).window, []);
  t.end();
});

for (const hostErrorMs of [-60_000, 60_000]) {
  t.test(`a host clock ${hostErrorMs / 1_000} s off changes no window and no burst`, (t) => {
    const liquidations = openStore();
    for (const at of [0, 10_000, 29_999]) liquidations.take(liquidation({ at, lagMs: hostErrorMs + 100 }), hostErrorMs);
    const [btc] = liquidations.symbolViews(epochMs(START + 29_999 + hostErrorMs + 100));
    t.equal(btc?.bursts.slots[0]?.events, 3);
    t.equal(btc?.bursts.slots[0]?.endTime, START + 29_999 + hostErrorMs);
    t.equal(btc?.window[0]?.events, 2, 'the first is 30.099 s old');
    t.end();
  });
}

t.test('a symbol that has gone quiet is let go of, its dropped events stay counted', (t) => {
  const liquidations = openStore({ maxSymbolEvents: 10, maxMarketEvents: 20 });
  for (let at = 0; at < 30; at++) liquidations.take(liquidation({ at }), 0);
  t.equal(liquidations.droppedTotal(), 20 + 10);
  t.equal(liquidations.symbolViews(epochMs(START + 100)).length, 1);
  t.same(liquidations.symbolViews(epochMs(START + 100_000)), []);
  t.equal(liquidations.droppedTotal(), 30);
  t.end();
});

t.test('two readers at different moments do not disturb each other', (t) => {
  const liquidations = openStore();
  for (const at of [0, 500, 1_000]) liquidations.take(liquidation({ at }), 0);
  const first = liquidations.symbolViews(epochMs(START + 1_000));
  t.same(liquidations.symbolViews(epochMs(START + 1_000)), first);
  liquidations.symbolViews(epochMs(START + 4_000));
  t.same(liquidations.symbolViews(epochMs(START + 1_000))[0]?.bursts, first[0]?.bursts);
  t.end();
});
