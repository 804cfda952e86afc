import t from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import type { Burst } from '../../../exporter/windows/burst.ts';
import { LiquidationStore } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { type LiquidationSketch, liquidation, START, seededRandom } from './liquidations.ts';

function storeOf(sketches: readonly LiquidationSketch[]): LiquidationStore {
  const liquidations = new LiquidationStore({
    symbols: [canonicalSymbol('BTC')],
    exchanges: SIMULATED,
    ringSize: 8,
  });
  for (const sketch of sketches) liquidations.take(liquidation(sketch), 0);
  return liquidations;
}

function burstsOf(sketches: readonly LiquidationSketch[], now: number): readonly Burst[] {
  return storeOf(sketches).symbolViews(epochMs(START + now))[0]?.bursts.slots ?? [];
}

const pairs = (bursts: readonly Burst[]) => bursts.map(({ events, notionalUsd }) => [events, notionalUsd]);

t.test('two events 29,999 ms apart share a window; 30,000 ms apart they do not', (t) => {
  t.same(pairs(burstsOf([{ at: 0 }, { at: 29_999 }], 29_999)), [[2, 200_000]]);
  t.same(pairs(burstsOf([{ at: 0 }, { at: 30_000 }], 30_000)), [[1, 100_000]]);
  t.end();
});

t.test('events of the same millisecond are in the same window', (t) => {
  t.same(pairs(burstsOf([{ at: 5 }, { at: 5 }, { at: 5 }], 10)), [[3, 300_000]]);
  t.end();
});

t.test('count and notional of a slot are of one window, never the best of two', (t) => {
  // Four large ones, 30 s later seven small ones, and one small in between that shares a window with either.
  const events = [
    ...[0, 1, 2, 3].map((at) => ({ at: -23_000 + at, notionalUsd: 225_000 })),
    { at: 6_990, notionalUsd: 10, lagMs: 200 },
    ...[0, 1, 2, 3, 4, 5, 6].map((at) => ({ at: 7_100 + at, notionalUsd: 40_000 })),
  ];
  t.same(pairs(burstsOf(events, 7_200)), [
    [8, 280_010],
    [5, 900_010],
  ]);
  t.end();
});

t.test('a window can be read for ten seconds after its last event arrived', (t) => {
  const events = [
    { at: 0, lagMs: 1_000 },
    { at: 10, lagMs: 1_000 },
  ];
  t.same(pairs(burstsOf(events, 1_010)), [[2, 200_000]]);
  t.same(pairs(burstsOf(events, 11_009)), [[2, 200_000]]);
  t.same(pairs(burstsOf(events, 11_010)), []);
  t.end();
});

t.test('a window whose hold is over is not shown beside one whose hold is not', (t) => {
  const events = [{ at: -29_900, notionalUsd: 900_000 }, { at: 0 }, { at: 10_000 }];
  t.same(pairs(burstsOf(events, 9_999)), [[2, 1_000_000]]);
  t.same(pairs(burstsOf(events, 10_000)), [[2, 200_000]]);
  t.end();
});

t.test('an arrival brings back every window that it completes, also those that ended before it', (t) => {
  const events = [{ at: 0 }, { at: 1_000 }, { at: 20_000 }, { at: 5_000, exchange: 'okx' as const, lagMs: 9_900 }];
  t.same(pairs(burstsOf(events.slice(0, 2), 14_900)), []);
  t.equal(burstsOf(events, 20_500)[0]?.events, 4);
  t.end();
});

t.test('a late event takes no part, whatever its size', (t) => {
  const events = [
    { at: 0, lagMs: 10_001, notionalUsd: 9_000_000 },
    { at: 10_000, notionalUsd: 50 },
  ];
  const [burst] = burstsOf(events, 10_001);
  t.match(burst, { events: 1, notionalUsd: 50, largestUsd: 50 });
  t.end();
});

t.test('a late event between two others changes neither counts nor parts nor the largest', (t) => {
  const events = [
    { at: 0, notionalUsd: 10 },
    { at: 500, notionalUsd: 70_000, exchange: 'okx' as const, lagMs: 10_500 },
    { at: 11_000, notionalUsd: 20 },
  ];
  const [burst] = burstsOf(events, 11_000);
  t.match(burst, { events: 2, notionalUsd: 30, largestUsd: 20 });
  t.equal(burst?.parts.length, 1);
  t.end();
});

t.test('an event of the next two seconds takes part at once', (t) => {
  t.same(pairs(burstsOf([{ at: 0 }, { at: 1_900, lagMs: -1_900 }], 0)), [[2, 200_000]]);
  t.end();
});

t.test('a slot says its end, its largest single and its parts', (t) => {
  const [burst] = burstsOf(
    [
      { at: 0, exchange: 'binance', side: 'long', notionalUsd: 400_000.1 },
      { at: 20, exchange: 'okx', side: 'short', notionalUsd: 200_000.2 },
      { at: 10, exchange: 'bybit', side: 'long', notionalUsd: 600_000.3 },
    ],
    100,
  );
  t.same(burst, {
    events: 3,
    notionalUsd: 1_200_000.6,
    largestUsd: 600_000.3,
    largestExtra: 80_000,
    endTime: START + 20,
    parts: [
      { exchange: 'binance', side: 'long', events: 1, notionalUsd: 400_000.1 },
      { exchange: 'bybit', side: 'long', events: 1, notionalUsd: 600_000.3 },
      { exchange: 'okx', side: 'short', events: 1, notionalUsd: 200_000.2 },
    ],
    top: [],
  });
  t.end();
});

t.test('the parts of every slot add up to it, and its largest is its own, in any traffic', (t) => {
  const random = seededRandom(11);
  for (let round = 0; round < 200; round++) {
    const sketches = Array.from({ length: 60 }, () => ({
      at: Math.floor(random() * 40_000),
      exchange: SIMULATED[Math.floor(random() * 3)] ?? 'okx',
      side: random() < 0.5 ? ('long' as const) : ('short' as const),
      notionalUsd: Math.round(10 ** (1 + random() * 5) * 100) / 100,
      lagMs: Math.floor(random() * 9_000),
    }));
    for (const burst of burstsOf(sketches, 44_000)) {
      const events = burst.parts.reduce((sum, part) => sum + part.events, 0);
      const cents = burst.parts.reduce((sum, part) => sum + Math.round(part.notionalUsd * 100), 0);
      const inside = sketches.filter(({ at }) => START + at <= burst.endTime && START + at > burst.endTime - 30_000);
      t.equal(events, burst.events);
      t.equal(cents, Math.round(burst.notionalUsd * 100));
      t.equal(burst.events, inside.length);
      t.equal(burst.largestUsd, Math.max(...inside.map(({ notionalUsd }) => notionalUsd)));
    }
  }
  t.end();
});

t.test('a long front comes in sixteen slots, most events first, and says how long it was', (t) => {
  // As the window moves on, three small ones enter for each large one that leaves: more events, less notional.
  const large = Array.from({ length: 30 }, (_, index) => ({ at: index * 300, notionalUsd: 1_000 }));
  const small = Array.from({ length: 80 }, (_, index) => ({
    at: 30_000 + index * 100,
    lagMs: 8_500 - index * 100,
    notionalUsd: 1,
  }));
  const bursts = storeOf([...large, ...small]).symbolViews(epochMs(START + 38_500))[0]?.bursts;
  t.equal(bursts?.points, 27);
  const counts = bursts?.slots.map(({ events }) => events) ?? [];
  t.equal(counts.length, 16);
  t.same(
    counts,
    counts.toSorted((one, other) => other - one),
  );
  t.end();
});

t.test('market-wide slots name whose the largest single one is, which may be none of the symbols with most', (t) => {
  const many = Array.from({ length: 5 }, (_, symbol) =>
    [1, 2, 3].map((at) => ({ at, symbol: `S${symbol}`, notionalUsd: 900 })),
  );
  const liquidations = storeOf([...many.flat(), { at: 4, symbol: 'ONE', notionalUsd: 1_000 }]);
  const [slot] = liquidations.marketView(epochMs(START + 10)).bursts;
  t.equal(slot?.burst.largestUsd, 1_000);
  t.equal(slot?.largestSymbol, 'ONE');
  t.notOk(slot?.topSymbols.some(({ symbol }) => symbol === 'ONE'));
  t.end();
});

t.test('market-wide slots name the five symbols with most notional', (t) => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'];
  const liquidations = storeOf(names.map((symbol, index) => ({ at: index, symbol, notionalUsd: 1_000 * (index + 1) })));
  const market = liquidations.marketView(epochMs(START + 10));
  t.same(market.bursts[0]?.topSymbols, [
    { symbol: 'F', notionalUsd: 6_000 },
    { symbol: 'E', notionalUsd: 5_000 },
    { symbol: 'D', notionalUsd: 4_000 },
    { symbol: 'C', notionalUsd: 3_000 },
    { symbol: 'B', notionalUsd: 2_000 },
  ]);
  t.equal(market.bursts[0]?.burst.events, 6);
  t.equal(market.bursts[0]?.largestSymbol, 'F');
  t.same(liquidations.symbolViews(epochMs(START + 10)), [], 'none of them is watched');
  t.end();
});
