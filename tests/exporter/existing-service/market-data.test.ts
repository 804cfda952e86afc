import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import {
  createMarketDataPoller,
  type MarketDataReading,
  readMultiOpenInterest,
} from '../../../exporter/existing-service/market-data.ts';
import { createRestClient } from '../../../exporter/requests/rest-client.ts';
import { withSleepers } from '../../support/sleepers.ts';
import { silentLogger } from '../connections/feed-harness.ts';
import { createManualClock } from '../connections/manual-clock.ts';

const BTC = canonicalSymbol('BTC');
const NOW = epochMs(1_790_000_000_000);

function answer(markets: number, overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    success: true,
    base_symbol: 'BTC',
    timestamp: '2026-11-20T00:00:00Z',
    total_markets: markets + 1,
    exchange_breakdown: [
      { exchange: 'binance', oi_tokens: 100_000, oi_usd: 8e9, markets },
      { exchange: 'bitget', oi_tokens: 1, oi_usd: 1, markets: 1 },
    ],
    ...overrides,
  };
}

async function startService(t: Test, respond: (call: number) => readonly [status: number, body: unknown]) {
  const calls: { readonly url: string | undefined; readonly method: string | undefined; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    calls.push({ url: request.url, method: request.method, body });
    const [status, reply] = respond(calls.length);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const clock = withSleepers(createManualClock());
  const client = createRestClient({ clock });
  const readings: MarketDataReading[] = [];
  const poller = createMarketDataPoller({
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    symbols: [BTC],
    exchanges: ['binance', 'bybit', 'okx'],
    client,
    clock,
    logger: silentLogger,
    onReading: (reading) => readings.push(reading),
  });
  const stop = new AbortController();
  const done = poller.run(stop.signal);
  t.teardown(async () => {
    stop.abort();
    await done;
    server.closeAllConnections();
    server.close();
  });
  /** The poller sleeps when it has had its answers. */
  const settle = () => clock.untilAsleep(1);
  const round = async (count: number) => {
    await settle();
    t.equal(calls.length, count);
  };
  return { calls, readings, poller, clock, round };
}

t.test('asks by base_symbol, at most once in five minutes, and gives readings of its own kind', async (t) => {
  const { calls, readings, clock, round } = await startService(t, () => [200, answer(3)]);
  await round(1);
  t.same(calls, [{ url: '/multi_oi', method: 'POST', body: '{"base_symbol":"BTC"}' }]);
  t.match(readings, [
    { type: 'market_data_open_interest', exchange: 'binance', symbol: 'BTC', openInterestUsd: 8e9, markets: 3 },
  ]);

  await clock.advance(299_000);
  await round(1);
  await clock.advance(1_500);
  await round(2);
  t.equal(readings.length, 2);
});

t.test('does not use a sample in which the number of markets has changed', async (t) => {
  const counts = [3, 2, 2];
  const { readings, poller, clock, round } = await startService(t, (call) => [200, answer(counts[call - 1] ?? 2)]);
  await round(1);
  await clock.advance(300_000);
  await round(2);
  t.equal(readings.length, 1);
  t.match(poller.lastError(), /binance BTC: 2 markets after 3/);
  await clock.advance(300_000);
  await round(3);
  t.equal(readings.length, 2);
  t.equal(poller.lastError(), undefined);
});

t.test('tells a failure that comes with status 200, and one that does not', async (t) => {
  const { readings, poller, clock, round } = await startService(t, (call) =>
    call === 1 ? [200, { success: false, error: 'no markets', base_symbol: 'BTC' }] : [502, {}],
  );
  await round(1);
  t.match(poller.lastError(), /the service failed: no markets/);
  await clock.advance(300_000);
  await round(2);
  t.match(poller.lastError(), /in trouble/);
  t.same(readings, []);
});

t.test('refuses answers that are not what was asked for', async (t) => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['no object', [], /no object/],
    ['no success', {}, /failed: no reason given/],
    ['no breakdown', answer(3, { exchange_breakdown: 7 }), /no exchange_breakdown/],
    ['another symbol', answer(3, { base_symbol: 'ETH' }), /asked for BTC, answered ETH/],
    ['a symbol that is none', answer(3, { base_symbol: '' }), /asked for BTC/],
    ['no symbol', answer(3, { base_symbol: 5 }), /asked for BTC/],
    ['no venue of ours', answer(3, { exchange_breakdown: [null, { exchange: 'kraken' }] }), /none of our venues/],
    [
      'no amount',
      answer(3, { exchange_breakdown: [{ exchange: 'okx', oi_usd: '8', markets: 1 }] }),
      /none of our venues/,
    ],
    ['zero', answer(3, { exchange_breakdown: [{ exchange: 'okx', oi_usd: 0, markets: 1 }] }), /none of our venues/],
    ['no count', answer(3, { exchange_breakdown: [{ exchange: 'okx', oi_usd: 8, markets: 0 }] }), /none of our venues/],
  ];
  for (const [title, body, text] of cases)
    t.match(readMultiOpenInterest(body, BTC, ['binance', 'bybit', 'okx'], NOW), text, title);
});
