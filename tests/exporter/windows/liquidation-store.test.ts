import t from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import { EXCHANGES } from '../../../exporter/events.ts';
import { LiquidationBook, type LiquidationBookOptions } from '../../../exporter/windows/liquidation-store.ts';
import { liquidation, START } from './liquidations.ts';

function openBook(options: Partial<LiquidationBookOptions> = {}): LiquidationBook {
  return new LiquidationBook({ symbols: [canonicalSymbol('BTC')], exchanges: EXCHANGES, ringSize: 8, ...options });
}

t.test('counters of listed symbols exist at 0, for the configured venues only', (t) => {
  const totals = [...openBook({ exchanges: ['bybit', 'okx'] }).totals()];
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
  const book = openBook({ symbols: undefined });
  t.same([...book.totals()], []);
  book.take(liquidation({ at: 0, symbol: 'PEPE', exchange: 'okx', side: 'short', notionalUsd: 12.5 }), 0);
  book.take(liquidation({ at: 0, symbol: 'PEPE', exchange: 'okx', side: 'short', notionalUsd: 12.5 }), 0);
  t.same([...book.totals()], [{ exchange: 'okx', symbol: 'PEPE', side: 'short', events: 2, notionalUsd: 25 }]);
  t.same(
    book.symbolViews(epochMs(START)).map(({ symbol }) => symbol),
    ['PEPE'],
  );
  t.end();
});

t.test('a late event is counted, also as late, and stays out of bursts', (t) => {
  const book = openBook();
  t.equal(book.take(liquidation({ at: 0, exchange: 'okx', lagMs: 12_000 }), 0), 'late');
  t.same(book.lateTotals(), [
    ['binance', 0],
    ['bybit', 0],
    ['okx', 1],
  ]);
  t.equal([...book.totals()].find(({ exchange }) => exchange === 'okx')?.events, 1);
  t.same(book.symbolViews(epochMs(START + 12_000))[0]?.bursts, { slots: [], points: 0 });
  t.same(book.marketView(epochMs(START + 12_000)).bursts, []);
  t.end();
});

t.test('an event of eight minutes ago is counted and takes no room', (t) => {
  const book = openBook();
  t.equal(book.take(liquidation({ at: 0, exchange: 'okx', lagMs: 480_000 }), 0), 'late');
  t.same(book.symbolViews(epochMs(START + 480_000)), []);
  t.equal(book.recent.size, 1);
  t.end();
});

t.test('what is from the future or absurd is kept nowhere', (t) => {
  const book = openBook();
  t.equal(book.take(liquidation({ at: 2_001, lagMs: -2_001 }), 0), 'future');
  t.equal(book.take(liquidation({ at: 0, notionalUsd: 1e12 }), 0), 'absurd');
  t.equal(book.recent.size, 0);
  t.ok([...book.totals()].every(({ events }) => events === 0));
  t.same(book.marketView(epochMs(START + 2_001)).window, []);
  t.end();
});

for (const hostErrorMs of [-60_000, 60_000]) {
  t.test(`a host clock ${hostErrorMs / 1_000} s off changes no window and no burst`, (t) => {
    const book = openBook();
    for (const at of [0, 10_000, 29_999]) book.take(liquidation({ at, lagMs: hostErrorMs + 100 }), hostErrorMs);
    const [btc] = book.symbolViews(epochMs(START + 29_999 + hostErrorMs + 100));
    t.equal(btc?.bursts.slots[0]?.events, 3);
    t.equal(btc?.bursts.slots[0]?.endTime, START + 29_999 + hostErrorMs);
    t.equal(btc?.window[0]?.events, 2, 'the first is 30.099 s old');
    t.end();
  });
}

t.test('a symbol that has gone quiet is let go of, its dropped events stay counted', (t) => {
  const book = openBook({ maxSymbolEvents: 10, maxMarketEvents: 20 });
  for (let at = 0; at < 30; at++) book.take(liquidation({ at }), 0);
  t.equal(book.droppedTotal(), 20 + 10);
  t.equal(book.symbolViews(epochMs(START + 100)).length, 1);
  t.same(book.symbolViews(epochMs(START + 100_000)), []);
  t.equal(book.droppedTotal(), 30);
  t.end();
});

t.test('two readers at different moments do not disturb each other', (t) => {
  const book = openBook();
  for (const at of [0, 500, 1_000]) book.take(liquidation({ at }), 0);
  const first = book.symbolViews(epochMs(START + 1_000));
  t.same(book.symbolViews(epochMs(START + 1_000)), first);
  book.symbolViews(epochMs(START + 4_000));
  t.same(book.symbolViews(epochMs(START + 1_000))[0]?.bursts, first[0]?.bursts);
  t.end();
});
