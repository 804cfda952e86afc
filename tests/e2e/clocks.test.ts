// EXP-7 through the whole chain: a host clock that is a minute fast or slow (seen from the venues) changes no alert.
import t from 'tap';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { cascade } from './orders.ts';
import { CHAIN_TIMEOUT_MS, MARKET_CHAT, startStack } from './stack.ts';

t.setTimeout(CHAIN_TIMEOUT_MS);

for (const [claim, clockOffsetMs] of [
  ['ahead of', 60_000],
  ['behind', -60_000],
] as const) {
  t.test(`venues a minute ${claim} the host's clock`, async (t) => {
    const venues = await startVenues({ clockOffsetMs });
    t.teardown(() => venues.close());
    const { telegram, waitForQuery, query } = await startStack(t, { venues });
    await waitForQuery('count(derivatives_clock_offset_seconds) == 3');
    const offsets = await query('derivatives_clock_offset_seconds');
    for (const { value } of offsets) t.ok(Math.abs(value + clockOffsetMs / 1_000) < 2, `offset is ${value} s`);

    await t.test('an old burst is counted and rings nobody', async (t) => {
      cascade(venues, { symbol: 'ETH', longs: 9, usd: 900_000, eventTime: Date.now() + clockOffsetMs - 35_000 });

      // Three of the nine came from OKX, older than its connection: those are taken for a replay and not counted.
      await waitForQuery('sum(derivatives_liquidations_late_total) == 6', 30_000);
      t.same(await query('ALERTS{category="market"}'), []);
    });

    await t.test('a new one is told in time', async (t) => {
      cascade(venues, { symbol: 'BTC', longs: 5, shorts: 2, usd: 1_200_000 });

      const { text } = await telegram.waitFor(({ chatId }) => chatId === MARKET_CHAT);
      t.match(text, '🚨 BTC LIQUIDATION CASCADE\n⚡ 7 liquidations in 30 seconds\n💰 Total: $1.2M liquidated');
      t.notMatch(text, '⏱', 'and is not called late');
    });
  });
}
