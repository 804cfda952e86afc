import t from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import { LiquidationRing } from '../../../exporter/windows/liquidation-ring.ts';
import { SymbolTable } from '../../../exporter/windows/symbol-table.ts';
import { VenueSides } from '../../../exporter/windows/venue-sides.ts';
import { liquidation, START } from './liquidations.ts';

function openRing(capacity: number, exchanges: readonly string[] = ['binance', 'bybit', 'okx']) {
  const table = new SymbolTable();
  const sides = new VenueSides(exchanges);
  const ring = new LiquidationRing(capacity, table, sides);
  return {
    ring,
    push(part: Parameters<typeof liquidation>[0]): void {
      const event = liquidation(part);
      ring.push(event, table.idOf(event.symbol), sides.codeOf(event.exchange, event.liquidatedSide));
    },
  };
}

t.test('a record takes 18 bytes, and no more after the ring has gone round', (t) => {
  const { ring, push } = openRing(1_000);
  t.equal(ring.byteLength, 18_000);
  for (let index = 0; index < 2_500; index++) push({ at: index });
  t.equal(ring.byteLength, 18_000);
  t.equal(ring.size, 1_000);
  t.end();
});

t.test('gives back what was pushed, latest arrival first', (t) => {
  const { ring, push } = openRing(4);
  push({ at: 1, exchange: 'binance', symbol: 'PEPE', side: 'short', notionalUsd: 1.5, priceUsd: 0.5 });
  push({ at: 2, exchange: 'okx', symbol: 'BTC', side: 'long', notionalUsd: 150_000, priceUsd: 82_500 });
  t.same(
    [...ring.newestFirst()],
    [
      {
        exchange: 'okx',
        symbol: 'BTC',
        liquidatedSide: 'long',
        notionalUsd: 150_000,
        priceUsd: 82_500,
        eventTime: START + 2,
      },
      {
        exchange: 'binance',
        symbol: 'PEPE',
        liquidatedSide: 'short',
        notionalUsd: 1.5,
        priceUsd: 0.5,
        eventTime: START + 1,
      },
    ],
  );
  t.end();
});

t.test('the oldest makes room when the ring is full', (t) => {
  const { ring, push } = openRing(3);
  for (let index = 0; index < 5; index++) push({ at: index });
  t.same(
    Array.from(ring.newestFirst(), ({ eventTime }) => eventTime - START),
    [4, 3, 2],
  );
  t.end();
});

t.test('symbols beyond the bound of the table share the name OTHER', (t) => {
  const table = new SymbolTable(3);
  const ids = ['A', 'B', 'C', 'D', 'A'].map((name) => table.idOf(canonicalSymbol(name)));
  t.same(ids, [0, 1, 2, 2, 0]);
  t.same(
    ids.map((id) => table.symbolOf(id)),
    ['A', 'B', 'OTHER', 'OTHER', 'A'],
  );
  t.equal(table.size, 3);
  t.throws(() => table.symbolOf(3), /not the number of a symbol: 3/);
  t.end();
});

t.test('the more venues, the fewer symbols have a number of their own; the others are shown as OTHER', (t) => {
  const venues = Array.from({ length: 64 }, (_, index) => `venue${index}`);
  const { ring, push } = openRing(600, venues);
  for (let index = 0; index < 600; index++)
    push({ at: index, exchange: 'venue63', side: 'short', symbol: `C${index}` });
  const kept = [...ring.newestFirst()].toReversed();
  t.same(
    kept.slice(0, 511).map(({ symbol }) => symbol),
    Array.from({ length: 511 }, (_, index) => `C${index}`),
  );
  t.same(new Set(kept.slice(511).map(({ symbol }) => symbol)), new Set(['OTHER']));
  t.ok(kept.every(({ exchange, liquidatedSide }) => exchange === 'venue63' && liquidatedSide === 'short'));
  t.end();
});
