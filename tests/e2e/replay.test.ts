// Real input through the whole chain. Every recorded frame and order goes through the simulators’ sockets into two stacks at once:
// one with the shipped thresholds, one with an eighth of them. What comes out (counters, alerts, messages) is compared with
// figures that are summed and counted here, from the file and the played times alone.
import t from 'tap';
import { skipWithoutRecordings } from '../fixtures/frames/recorded.ts';
import { CASCADE_LASTS_MS, cascades, marketWide, singles, type Thresholds, toldOf } from './episode-count.ts';
import { countersOf, dollars, figuresOf, firstTexts, sameStarts, startsOf, sumOf, sumsOf } from './observed.ts';
import { baseOf, coinOf, readRecordedOrders } from './recorded-orders.ts';
import { play, startRecordedVenues } from './recorded-session.ts';
import { startStack } from './stack.ts';

t.setTimeout(7 * 60_000);

/** `prometheus/rules/thresholds.yml`, written down once more on purpose. */
const SHIPPED: Readonly<Record<string, Thresholds>> = {
  BTC: { count: 5, cascadeUsd: 500_000, singleUsd: 100_000 },
  ETH: { count: 5, cascadeUsd: 250_000, singleUsd: 50_000 },
  SOL: { count: 4, cascadeUsd: 100_000, singleUsd: 25_000 },
};
const BY_DEFAULT: Thresholds = { count: 5, cascadeUsd: 250_000, singleUsd: 100_000 };
const MARKET_WIDE = { count: 120, usd: 600_000 };

function shipped(symbol: string): Thresholds {
  return SHIPPED[symbol] ?? BY_DEFAULT;
}

function anEighth(symbol: string): Thresholds {
  const own = SHIPPED[symbol];
  return own ? { ...own, cascadeUsd: own.cascadeUsd / 8, singleUsd: own.singleUsd / 8 } : BY_DEFAULT;
}

t.test('recorded input through the whole chain', { skip: skipWithoutRecordings }, async (t) => {
  const orders = readRecordedOrders();
  const venues = await startRecordedVenues(orders);
  t.teardown(() => venues.close());
  const symbols = [...new Set(orders.map(({ s }) => coinOf(baseOf(s))))].sort();
  // Both gaps between the episodes of the file and of the replay are over a minute, so that fifteen seconds keep an
  // episode to one message without hiding the next, which in the file comes many minutes later.
  const shared = { ALERT_DEDUP_SECONDS: '15', ALERT_RATE_LIMIT_SECONDS: '0', MAX_ALERTS_PER_HOUR: '1000' };
  const [full, eighth] = await Promise.all([
    startStack(t, { venues, name: 'full', environment: shared }),
    startStack(t, {
      venues,
      name: 'eighth',
      // Open interest of hundreds of contracts takes its hourly budget, and is not what is tested here.
      liveWhen: 'count(derivatives_feed_connected{feed="liquidations"} == 1) == 3',
      environment: {
        ...shared,
        ...overrides(),
        SYMBOLS: symbols.join(','),
        OI_POLL_SECONDS: 'auto',
        OI_REQUESTS_PER_HOUR: '100',
      },
    }),
  ]);
  const played = await play(venues, orders);
  const inThree = played.filter(({ symbol }) => symbol in SHIPPED);
  t.ok(played.length > orders.length);

  await t.test('every liquidation is counted, to the cent, by venue, symbol and side', async (t) => {
    const [three, all] = await Promise.all([countersOf(full), countersOf(eighth)]);
    t.same(three, sumsOf(inThree));
    t.same(all, sumsOf(played.filter(({ symbol }) => symbols.includes(symbol))));
    t.equal(await sumOf(full, 'derivatives_liquidations_late_total'), played.filter(({ isLate }) => isLate).length);
  });

  await t.test(
    'what is no liquidation of a listed contract is refused by reason, and costs no connection',
    async (t) => {
      for (const stack of [full, eighth]) {
        const refused = await stack.query('sum by (exchange, reason) (derivatives_feed_messages_rejected_total) > 0');
        t.same(refused.map(({ labels }) => `${labels.exchange} ${labels.reason}`).sort(), [
          'binance unknown_instrument',
          'bybit unknown_shape',
        ]);
        t.equal(await sumOf(stack, 'derivatives_feed_reconnects_total'), 0);
      }
    },
  );

  await t.test('at the shipped thresholds there is no cascade, and five large liquidations', async (t) => {
    t.same(cascades(inThree, shipped), []);
    t.same(await startsOf(full, 'LiquidationCascade'), []);
    const large = inThree.filter(({ isLate, symbol, usd }) => !isLate && usd >= shipped(symbol).singleUsd);
    t.equal(large.length, 5);
    t.same(
      await figuresOf(full, 'venue_side:liquidation_large_usd:winner'),
      large.map(({ symbol, usd }) => `${symbol} ${Math.round(usd)}`).sort(),
    );
    sameStarts(t, await startsOf(full, 'LargeLiquidation'), singles(inThree, shipped));
  });

  await t.test('at an eighth of them there are exactly the episodes of the independent count', async (t) => {
    const expected = cascades(played, anEighth);
    for (const symbol of Object.keys(SHIPPED))
      t.ok(
        expected.some((episode) => episode.symbol === symbol),
        symbol,
      );
    sameStarts(t, await startsOf(eighth, 'LiquidationCascade'), expected);
    sameStarts(t, await startsOf(eighth, 'LargeLiquidation'), singles(played, anEighth));
    sameStarts(t, await startsOf(eighth, 'MarketWideCascade'), marketWide(played, MARKET_WIDE.count, MARKET_WIDE.usd));
  });

  await t.test('people are told of each once, with its own figures', async (t) => {
    const told = toldOf(cascades(played, anEighth), CASCADE_LASTS_MS, 1_500);
    const messages = firstTexts(eighth).filter((text) => text.includes('LIQUIDATION CASCADE'));
    t.same(
      messages.map((text) => text.split('\n')[0]).sort(),
      told
        .map(
          ({ symbol, tier }) =>
            `${'🚨'.repeat(1 + Math.log2(tier) / 2)} ${symbol} LIQUIDATION CASCADE${tier > 1 ? ` ×${tier}` : ''}`,
        )
        .sort(),
    );
    for (const text of messages) {
      const symbol = /🚨 (\S+) LIQ/.exec(text)?.[1];
      const [, count = '', usd = ''] = /⚡ (\d+) liquidations in 30 seconds\n💰 Total: \$(\S+) liq/.exec(text) ?? [];
      const hits = told.filter((episode) => episode.symbol === symbol).flatMap((episode) => episode.hits);
      t.ok(
        hits.some((hit) => hit.count === Number(count) && Math.abs(hit.usd - dollars(usd)) <= dollars(usd) * 0.006),
        `${text.split('\n').slice(0, 3).join(' / ')} is a window of the file`,
      );
    }
    const wide = marketWide(played, MARKET_WIDE.count, MARKET_WIDE.usd).length;
    for (const stack of [full, eighth]) {
      t.equal(firstTexts(stack).filter((text) => text.includes('MARKET-WIDE CASCADE')).length, wide);
      t.equal(firstTexts(stack).filter((text) => text.includes('late')).length, 0);
    }
    // Three of a kind an hour, the rest in the digest (BRG-3).
    const large = singles(inThree, shipped).length;
    t.equal(firstTexts(full).filter((text) => text.includes('LARGE LIQUIDATION')).length, Math.min(3, large));
    t.match(full.telegram.messages.find(({ text }) => text.includes('DIGEST'))?.text, `${large - 3} alert`);
  });
});

function overrides(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SHIPPED).flatMap(([symbol, { cascadeUsd, singleUsd }]) => [
      [`CASCADE_VALUE_${symbol}`, String(cascadeUsd / 8)],
      [`LIQUIDATION_THRESHOLD_${symbol}`, String(singleUsd / 8)],
    ]),
  );
}
