import t from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import { LiquidationRing } from '../../../exporter/windows/liquidation-ring.ts';
import { SymbolTable } from '../../../exporter/windows/symbol-table.ts';
import { liquidation, START } from './liquidations.ts';

t.test('a record takes 18 bytes, and no more after the ring has gone round', (t) => {
  const ring = new LiquidationRing(1_000, new SymbolTable());
  t.equal(ring.byteLength, 18_000);
  for (let index = 0; index < 2_500; index++) ring.push(liquidation({ at: index }));
  t.equal(ring.byteLength, 18_000);
  t.equal(ring.size, 1_000);
  t.end();
});

t.test('gives back what was pushed, latest arrival first', (t) => {
  const ring = new LiquidationRing(4, new SymbolTable());
  ring.push(
    liquidation({ at: 1, exchange: 'binance', symbol: 'PEPE', side: 'short', notionalUsd: 1.5, priceUsd: 0.5 }),
  );
  ring.push(
    liquidation({ at: 2, exchange: 'okx', symbol: 'BTC', side: 'long', notionalUsd: 150_000, priceUsd: 82_500 }),
  );
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
  const ring = new LiquidationRing(3, new SymbolTable());
  for (let index = 0; index < 5; index++) ring.push(liquidation({ at: index }));
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
