import t, { type Test } from 'tap';
import { loadExporterConfig } from '../../../exporter/config.ts';
import { EXCHANGES, type Exchange, type Reject } from '../../../exporter/events.ts';
import { CatalogueRefresher } from '../../../exporter/feeds/catalogue-refresher.ts';
import { createRestClient } from '../../../exporter/feeds/rest-client.ts';
import { InstrumentCatalogue } from '../../../exporter/instruments.ts';
import { MAPPERS } from '../../../exporter/mappers/registry.ts';
import { startBybitStandIn } from '../../stand-ins/venues/bybit.ts';
import { startVenues } from '../../stand-ins/venues/start-venues.ts';
import { silentLogger, until } from './feed-harness.ts';
import { createManualClock } from './manual-clock.ts';

function startRefresher(
  t: Test,
  environment: Readonly<Record<string, string>>,
  exchanges: readonly Exchange[] = EXCHANGES,
) {
  const catalogue = new InstrumentCatalogue();
  const clock = createManualClock();
  const client = createRestClient(clock);
  const changes: Exchange[] = [];
  const rejects: Reject[] = [];
  const refresher = new CatalogueRefresher({
    exchanges,
    mappers: MAPPERS,
    urls: loadExporterConfig(environment).urls,
    catalogue,
    client,
    clock,
    logger: silentLogger,
    onChange: (exchange) => changes.push(exchange),
    onReject: (_exchange, reject) => rejects.push(reject),
  });
  const stop = new AbortController();
  const done = refresher.run(stop.signal);
  t.teardown(async () => {
    stop.abort();
    await done;
    await client.close();
  });
  return { refresher, catalogue, clock, changes, rejects };
}

t.test('lists the contracts of all venues at start and tells of each once', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const { catalogue, changes } = startRefresher(t, venues.environment());
  await until(() => changes.length === 3, 'three venues');

  t.same(new Set(changes), new Set(EXCHANGES));
  t.equal(catalogue.get('binance', '1000PEPEUSDT')?.symbol, 'PEPE');
  t.equal(catalogue.get('binance', '1INCHUSDT')?.symbol, '1INCH');
  t.equal(catalogue.get('binance', '牛来USDT')?.symbol, '牛来');
  t.equal(catalogue.get('bybit', 'BTCEUR')?.isUsdQuoted, false);
  t.equal(catalogue.get('okx', 'BTC-USD-SWAP')?.contractValue, 100);
});

t.test('reads every page', async (t) => {
  const venue = await startBybitStandIn({ pageSize: 3 });
  t.teardown(() => venue.close());
  const { catalogue, changes } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => changes.length === 1, 'listed');
  t.equal(catalogue.list('bybit').length, 10);
  t.ok(venue.requests.some(({ query }) => query.cursor === '3'));
});

t.test('tries again with growing waits until a venue answers, and says why it cannot', async (t) => {
  const venue = await startBybitStandIn();
  t.teardown(() => venue.close());
  venue.failRest({ status: 503, times: 2 });
  const { refresher, changes, clock } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => /in trouble/.test(refresher.lastError('bybit') ?? ''), 'told');
  await clock.advance(1_000);
  await until(() => venue.requests.length === 2, 'second attempt');
  await new Promise((resolve) => setTimeout(resolve, 20));
  await clock.advance(2_000);
  await until(() => changes.length === 1, 'listed');
  t.equal(refresher.lastError('bybit'), undefined);
});

t.test('refreshes hourly and tells of new listings alone', async (t) => {
  const venue = await startBybitStandIn();
  t.teardown(() => venue.close());
  const { catalogue, changes, clock } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => changes.length === 1, 'listed');
  const hour = async (requests: number) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    await clock.advance(3_600_000);
    await until(() => venue.requests.length >= requests, 'asked again');
    await new Promise((resolve) => setTimeout(resolve, 30));
  };

  await hour(8);
  t.equal(changes.length, 1, 'nothing new, nothing told');
  venue.list({ ...contract, instrumentId: 'NEWUSDT', base: 'NEW' });
  await hour(12);
  t.equal(changes.length, 2);
  t.ok(catalogue.get('bybit', 'NEWUSDT'));
});

const contract = { quote: 'USDT', margin: 'linear', contractValue: 1, price: 1, openInterest: 1 } as const;

t.test('trap 11: an empty answer leaves the contracts as they are', async (t) => {
  const venue = await startBybitStandIn();
  t.teardown(() => venue.close());
  const { refresher, catalogue, changes, clock } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => changes.length === 1, 'listed');
  await new Promise((resolve) => setTimeout(resolve, 30));

  venue.failRest({ status: 200, body: '{"retCode":0,"result":{"list":[]}}' });
  await clock.advance(3_600_000);
  await until(() => refresher.lastError('bybit') !== undefined, 'told');
  t.equal(catalogue.list('bybit').length, 10);
});

t.test('leaves out a scaled listing whose price does not fit the other venues', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.bybit.setMarkPrice('1000PEPEUSDT', 0.00001);
  const { refresher, catalogue, changes } = startRefresher(t, venues.environment());
  await until(() => new Set(changes).size === 3, 'three venues');
  await until(() => catalogue.get('bybit', '1000PEPEUSDT') === undefined, 'left out');

  t.ok(refresher.verdicts.some(({ finding, instrument }) => finding === 'excluded' && instrument.exchange === 'bybit'));
});

t.test('lists contracts also where prices do not come', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.okx.failRest({ status: 500, path: 'mark-price' });
  const { catalogue, changes } = startRefresher(t, venues.environment());
  await until(() => new Set(changes).size === 3, 'three venues');
  t.ok(catalogue.list('okx').length > 0);
});
