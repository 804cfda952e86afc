// Open interest through the whole chain. The fifteen minutes that a change needs are written into Prometheus' store before
// it starts; what comes after is measured.
import t from 'tap';
import { demoMarkets } from '../../supervisor/demo/session.ts';
import { contractsOf, scaleOpenInterest } from './open-interest.ts';
import { CHAIN_TIMEOUT_MS, MARKET_CHAT, startStack } from './stack.ts';

t.setTimeout(CHAIN_TIMEOUT_MS);

t.test('open interest', async (t) => {
  const stack = await startStack(t, { history: demoMarkets() });
  const { venues, telegram } = stack;
  await stack.waitForQuery('count(symbol:open_interest_change_ratio:15m) == 3');

  await t.test('neither a price that moves nor a single venue is an explosion', async (t) => {
    for (const { venue, instrumentId, price } of contractsOf('SOL')) {
      venues[venue].setMarkPrice(instrumentId, price * 1.3);
    }
    scaleOpenInterest(venues, 'SOL', 1.5, ['okx']);

    await stack.waitForQuery('exchange:open_interest_change_ratio:15m{symbol="SOL", exchange="okx"} > 0.4');
    await stack.waitForQuery('symbol:mark_price_change_ratio:15m{symbol="SOL"} > 0.25', 60_000);
    t.same(await stack.query('ALERTS{category="market"}'), []);
    t.same(telegram.messages, []);
  });

  await t.test('eighteen percent more on three venues is told line by line', async (t) => {
    scaleOpenInterest(venues, 'BTC', 1.18);

    // The venues tell one after the other, and each one's contracts too: the first message may know less, and is edited.
    const { text } = await telegram.waitFor(
      (message) =>
        message.chatId === MARKET_CHAT && message.text.includes('3/3') && message.text.includes('+18% increase'),
      30_000,
    );
    // 198,000 BTC on the simulators, at $82,500.
    t.same(text.split('\n').slice(0, 5), [
      '🚨 BTC OI EXPLOSION',
      '📈 +18% increase in 15 minutes',
      '💰 $16.3B → $19.3B (+$2.9B)',
      '🏦 3/3 exchanges confirming',
      '⚡ Institutional positioning detected',
    ]);
  });

  await t.test('a venue that fell silent has no vote and is named', async (t) => {
    venues.bybit.failRest({ status: 500 });
    venues.bybit.mute();
    await stack.waitForQuery('absent(derivatives_open_interest_base{symbol="ETH", exchange="bybit"})', 60_000);

    scaleOpenInterest(venues, 'ETH', 0.8, ['binance', 'okx']);

    const { text } = await telegram.waitFor((message) => message.text.includes('COLLAPSE'), 30_000);
    const lines = text.split('\n');
    t.equal(lines[0], '📉 ETH OI COLLAPSE');
    // A venue's contracts are polled one after the other: the last percent may still be on its way.
    t.match(lines[1], /^📉 -(19|20)% decrease in 15 minutes$/);
    t.equal(lines[3], '🏦 2/2 exchanges confirming');
    t.match(text, 'ℹ️ Bybit silent');
  });
});
