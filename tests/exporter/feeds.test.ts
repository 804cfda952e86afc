// Everything at once, as the pipeline starts it: contracts, streams and open interest of three venues.
import t from 'tap';
import { createSystemClock } from '../../common/clock.ts';
import { InstrumentCatalogue } from '../../exporter/catalogue/instruments.ts';
import { loadExporterConfig } from '../../exporter/config/config.ts';
import { createFeeds } from '../../exporter/feeds.ts';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { SIMULATED } from '../support/venues.ts';
import { createSink, silentLogger, until } from './connections/feed-harness.ts';

t.test('runs every feed of every configured venue and stops when told', async (t) => {
  const venues = await startVenues({ controlIntervalMs: 20, clockOffsetMs: -45_000 });
  t.teardown(() => venues.close());
  const sink = createSink();
  const covered: string[] = [];
  const feeds = createFeeds({
    config: loadExporterConfig(venues.environment()),
    catalogue: new InstrumentCatalogue(),
    clock: createSystemClock(),
    logger: silentLogger,
    offsetMs: () => sink.offsetMs(),
    onCatalogue: (exchange, isWhole) => covered.push(`${exchange} ${isWhole}`),
    onCatalogueReject: () => {},
    onMarketData: () => {},
  });
  const stop = new AbortController();
  const done = feeds.run(stop.signal, sink.take);
  t.match(feeds.feeds[0]?.status().lastError, /waiting for the contracts: not answered yet/);
  await until(() => feeds.feeds.every((feed) => feed.status().connected), 'all six feeds connected');

  t.equal(feeds.feeds.length, 6);
  for (const exchange of SIMULATED) {
    t.same(
      [covered.find((call) => call.startsWith(exchange)), covered.findLast((call) => call.startsWith(exchange))],
      [`${exchange} false`, `${exchange} true`],
    );
  }
  const order = { side: 'long', notionalUsd: 5_000, price: 82_500 } as const;
  venues.binance.liquidate({ instrumentId: 'BTCUSDT', ...order });
  venues.bybit.liquidate({ instrumentId: 'BTCUSDT', ...order });
  venues.okx.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...order });
  await until(() => sink.liquidations().length === 3, 'one liquidation each, on a host clock 45 s fast');
  t.match(feeds.feeds[0]?.status().hostOverride, /BINANCE_WS_URL=ws:/, 'trap 18: an override is visible');
  t.equal(feeds.marketData, undefined);

  stop.abort();
  await done;
  t.ok(venues.all.every(({ connections }) => connections.length <= 4));
  await until(() => venues.all.every(({ connections }) => connections.length === 0), 'all closed');
});

t.test('asks the existing service where one is configured, and says why a venue has no contracts', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.bybit.failRest({ status: 451 });
  const feeds = createFeeds({
    config: loadExporterConfig({
      ...venues.environment(),
      EXCHANGES: 'bybit',
      SYMBOLS: 'ALL',
      MARKET_DATA_URL: venues.okx.restUrl,
    }),
    catalogue: new InstrumentCatalogue(),
    clock: createSystemClock(),
    logger: silentLogger,
    offsetMs: () => undefined,
    onCatalogue: () => {},
    onCatalogueReject: () => {},
    onMarketData: () => {},
  });
  const stop = new AbortController();
  const done = feeds.run(stop.signal, createSink().take);
  await until(() => /does not serve this location/.test(feeds.feeds[0]?.status().lastError ?? ''), 'the reason');
  await until(() => /check the configured URL/.test(feeds.marketData?.lastError() ?? ''), 'asked');
  t.equal(venues.okx.requests[0]?.path, '/multi_oi');
  stop.abort();
  await done;
});
