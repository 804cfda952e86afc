import t from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import { LiquidationStore } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { type LiquidationSketch, liquidation, START } from './liquidations.ts';

function windowOf(sketches: readonly LiquidationSketch[], now: number) {
  const liquidations = new LiquidationStore({
    symbols: [canonicalSymbol('BTC')],
    exchanges: SIMULATED,
    ringSize: 8,
  });
  for (const sketch of sketches) liquidations.take(liquidation(sketch), 0);
  return liquidations.symbolViews(epochMs(START + now))[0]?.window ?? [];
}

t.test('an event is in the window for the 30 seconds that begin with it', (t) => {
  const event = [{ at: 0 }];
  t.equal(windowOf(event, 0)[0]?.events, 1);
  t.equal(windowOf(event, 29_999)[0]?.events, 1);
  t.same(windowOf(event, 30_000), []);
  t.end();
});

t.test('an event of the next two seconds waits for its time', (t) => {
  const ahead = [{ at: 1_500, lagMs: -1_500 }];
  t.same(windowOf(ahead, 0), []);
  t.same(windowOf(ahead, 1_499), []);
  t.equal(windowOf(ahead, 1_500)[0]?.events, 1);
  t.end();
});

t.test('a late event is in the window as long as its own time is', (t) => {
  const late = [{ at: 0, lagMs: 12_000 }];
  t.equal(windowOf(late, 12_000)[0]?.events, 1);
  t.same(windowOf(late, 30_000), []);
  t.end();
});

t.test('takes apart by venue and side, with the largest, its price and its time', (t) => {
  const parts = windowOf(
    [
      { at: 0, exchange: 'binance', side: 'long', notionalUsd: 10.1, priceUsd: 1 },
      { at: 1, exchange: 'binance', side: 'long', notionalUsd: 30.3, priceUsd: 2 },
      { at: 2, exchange: 'binance', side: 'long', notionalUsd: 20.2, priceUsd: 3 },
      { at: 3, exchange: 'okx', side: 'short', notionalUsd: 0.1, priceUsd: 4 },
      { at: 4, exchange: 'okx', side: 'short', notionalUsd: 0.2, priceUsd: 5 },
    ],
    10,
  );
  t.same(parts, [
    {
      exchange: 'binance',
      side: 'long',
      events: 3,
      notionalUsd: 60.6,
      largestUsd: 30.3,
      largestPriceUsd: 2,
      largestTime: START + 1,
    },
    {
      exchange: 'okx',
      side: 'short',
      events: 2,
      notionalUsd: 0.3,
      largestUsd: 0.2,
      largestPriceUsd: 5,
      largestTime: START + 4,
    },
  ]);
  t.end();
});
