import t from 'tap';
import { EXCHANGES, SIDES } from '../../../exporter/events.ts';
import { VENUE_SIDES, venueSideCode, venueSideOf } from '../../../exporter/windows/venue-side.ts';

t.test('every exchange and side has a code of its own that leads back to it', (t) => {
  const codes = EXCHANGES.flatMap((exchange) =>
    SIDES.map((side) => ({ exchange, side, code: venueSideCode(exchange, side) })),
  );
  for (const { exchange, side, code } of codes) t.same(venueSideOf(code), { exchange, side });
  t.equal(new Set(codes.map(({ code }) => code)).size, VENUE_SIDES.length);
  t.throws(() => venueSideOf(VENUE_SIDES.length), /not a code/);
  t.end();
});
