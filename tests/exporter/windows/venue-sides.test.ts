import t from 'tap';
import { SIDES } from '../../../exporter/events.ts';
import { VenueSides } from '../../../exporter/windows/venue-sides.ts';

t.test('every exchange and side has a code of its own that leads back to it', (t) => {
  const sides = new VenueSides(['binance', 'bybit', 'okx', 'elsewhere']);
  const codes = ['binance', 'bybit', 'okx', 'elsewhere'].flatMap((exchange) =>
    SIDES.map((side) => ({ exchange, side, code: sides.codeOf(exchange, side) })),
  );
  for (const { exchange, side, code } of codes) t.same(sides.pairOf(code), { exchange, side });
  t.equal(new Set(codes.map(({ code }) => code)).size, sides.pairs.length);
  t.throws(() => sides.pairOf(sides.pairs.length), /not a code/);
  t.throws(() => sides.codeOf('nowhere', 'long'), /not one of the exchanges: nowhere/);
  t.end();
});

t.test('the codes of the most exchanges there may be leave the highest bit of a byte free', (t) => {
  const names = Array.from({ length: 64 }, (_, index) => `venue${index}`);
  t.equal(new VenueSides(names).codeOf('venue63', 'short'), 127);
  t.throws(() => new VenueSides([...names, 'one too many']), /more than 64/);
  t.end();
});
