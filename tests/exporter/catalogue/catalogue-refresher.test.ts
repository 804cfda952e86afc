import t, { type Test } from 'tap';
import { createLogger } from '../../../common/logger.ts';
import { CatalogueRefresher } from '../../../exporter/catalogue/catalogue-refresher.ts';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { loadExporterConfig } from '../../../exporter/config/config.ts';
import type { Exchange, Reject } from '../../../exporter/events.ts';
import { createRestClient } from '../../../exporter/requests/rest-client.ts';
import { startBybitSimulator } from '../../../simulators/venues/bybit.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { withSleepers } from '../../support/sleepers.ts';
import { SIMULATED } from '../../support/venues.ts';
import { until } from '../connections/feed-harness.ts';
import { createManualClock } from '../connections/manual-clock.ts';

interface LogLine {
  readonly msg: string;
  readonly finding?: string;
  readonly contracts?: readonly { readonly exchange: Exchange }[];
}

function startRefresher(
  t: Test,
  environment: Readonly<Record<string, string>>,
  exchanges: readonly Exchange[] = SIMULATED,
) {
  const catalogue = new InstrumentCatalogue();
  const clock = withSleepers(createManualClock());
  const client = createRestClient({ clock });
  const changes: Exchange[] = [];
  const rejects: Reject[] = [];
  const lines: LogLine[] = [];
  const { venues } = loadExporterConfig({ ...environment, EXCHANGES: exchanges.join(',') });
  const sources = venues.map(({ venue, urls }) => ({
    exchange: venue.name,
    lists: venue.rest(urls).contractLists,
    client,
  }));
  const refresher = new CatalogueRefresher({
    sources,
    catalogue,
    clock,
    logger: createLogger('test', 'info', { write: (line: string) => lines.push(JSON.parse(line)) }),
    onChange: (exchange) => changes.push(exchange),
    onReject: (_exchange, reject) => rejects.push(reject),
  });
  const stop = new AbortController();
  const done = refresher.run(stop.signal);
  t.teardown(async () => {
    stop.abort();
    await done;
  });
  /** Each list is kept by a task of its own, which sleeps when it has done all there is to do now. */
  const settle = () => clock.untilAsleep(sources.flatMap(({ lists }) => lists).length);
  return { refresher, catalogue, clock, settle, changes, rejects, lines };
}

t.test('lists the contracts of all venues at start and tells of each', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const { catalogue, changes, refresher } = startRefresher(t, venues.environment());
  await until(() => SIMULATED.every((exchange) => refresher.status(exchange).missing.length === 0), 'three venues');

  t.same(new Set(changes), new Set(SIMULATED));
  t.match(refresher.status('binance'), { contracts: 11, problem: undefined });
  t.equal(catalogue.get('binance', '1000PEPEUSDT')?.symbol, 'PEPE');
  t.equal(catalogue.get('binance', '1INCHUSDT')?.symbol, '1INCH');
  t.equal(catalogue.get('binance', '牛来USDT')?.symbol, '牛来');
  t.equal(catalogue.get('bybit', 'BTCEUR')?.isUsdQuoted, false);
  t.equal(catalogue.get('okx', 'BTC-USD-SWAP')?.contractValue, 100);
});

t.test('reads every page', async (t) => {
  const venue = await startBybitSimulator({ pageSize: 3 });
  t.teardown(() => venue.close());
  const { catalogue } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => catalogue.list('bybit').length === 10, 'listed');
  t.ok(venue.requests.some(({ query }) => query.cursor === '3'));
});

t.test('tries again with growing waits until a venue answers, and says why it cannot', async (t) => {
  const venue = await startBybitSimulator();
  t.teardown(() => venue.close());
  venue.failRest({ status: 503, times: 4 });
  const { refresher, catalogue, clock, settle } = startRefresher(t, venue.environment(), ['bybit']);
  await until(() => /linear: .*in trouble.*; inverse: /.test(refresher.status('bybit').problem ?? ''), 'told');
  t.same(refresher.status('bybit').missing, ['linear', 'inverse']);
  await clock.advance(1_000);
  await until(() => venue.requests.length === 4, 'second attempt');
  await settle();
  await clock.advance(2_000);
  await until(() => catalogue.list('bybit').length === 10, 'listed');
  t.equal(refresher.status('bybit').problem, undefined);
});

t.test('refreshes hourly and tells of new listings alone', async (t) => {
  const venue = await startBybitSimulator();
  t.teardown(() => venue.close());
  const { catalogue, changes, clock, settle } = startRefresher(t, venue.environment(), ['bybit']);
  await settle();
  const hour = async (requests: number) => {
    await clock.advance(3_600_000);
    await settle();
    t.equal(venue.requests.length, requests);
  };

  await hour(8);
  t.equal(changes.length, 2, 'nothing new, nothing told');
  venue.list({ ...contract, instrumentId: 'NEWUSDT', base: 'NEW' });
  await hour(12);
  t.equal(changes.length, 3);
  t.ok(catalogue.get('bybit', 'NEWUSDT'));
});

const contract = { quote: 'USDT', margin: 'linear', contractValue: 1, price: 1, openInterest: 1 } as const;

t.test('trap 11: an empty answer leaves the contracts as they are', async (t) => {
  const venue = await startBybitSimulator();
  t.teardown(() => venue.close());
  const { refresher, catalogue, clock, settle } = startRefresher(t, venue.environment(), ['bybit']);
  await settle();
  t.equal(catalogue.list('bybit').length, 10);

  venue.failRest({ status: 200, body: '{"retCode":0,"result":{"list":[]}}' });
  await clock.advance(3_600_000);
  await until(() => refresher.status('bybit').problem !== undefined, 'told');
  t.equal(catalogue.list('bybit').length, 10);
});

t.test('leaves out a scaled listing whose price does not fit the other venues', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.bybit.setMarkPrice('1000PEPEUSDT', 0.00001);
  const { refresher, catalogue, lines } = startRefresher(t, venues.environment());
  await until(() => refresher.verdicts.some(({ finding }) => finding === 'excluded'), 'judged');
  await until(() => catalogue.list('bybit').length === 9 && catalogue.list('binance').length === 11, 'left out');

  t.equal(catalogue.get('bybit', '1000PEPEUSDT'), undefined);
  t.ok(catalogue.get('binance', '1000PEPEUSDT'), 'the one that fits stays');
  const told = lines.filter(({ finding }) => finding === 'excluded').flatMap(({ contracts }) => contracts ?? []);
  t.equal(told.filter(({ exchange }) => exchange === 'bybit').length, 1, 'logged once');
});

t.test('lists contracts also where prices do not come', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.okx.failRest({ status: 500, path: 'mark-price' });
  const { catalogue, changes } = startRefresher(t, venues.environment());
  await until(() => new Set(changes).size === 3, 'three venues');
  t.ok(catalogue.list('okx').length > 0);
});

t.test('a list that fails holds up no other list of its venue, and is tried again', async (t) => {
  for (const [exchange, failing, missing, live] of [
    ['binance', '/dapi/v1/exchangeInfo', 'COIN-M', 'BTCUSDT'],
    ['binance', '/fapi/v1/exchangeInfo', 'USD-M', 'BTCUSD_PERP'],
  ] as const) {
    const venues = await startVenues();
    t.teardown(() => venues.close());
    venues[exchange].failRest({ status: 503, path: failing });
    const { refresher, catalogue, changes, clock } = startRefresher(t, venues.environment(), [exchange]);
    await until(() => catalogue.get(exchange, live) !== undefined, 'the other list is in use');
    await until(() => refresher.status(exchange).problem !== undefined, 'the failure is told');

    t.match(refresher.status(exchange), { missing: [missing], problem: new RegExp(`^${missing}: list of contracts`) });
    t.equal(changes.length, 1);
    venues[exchange].failRest(undefined);
    await clock.advance(1_000);
    await until(() => refresher.status(exchange).missing.length === 0, 'come after all');
    t.equal(catalogue.list(exchange).length, 11);
  }
});

t.test('a list that fails later keeps what it held', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const { refresher, catalogue, clock, settle } = startRefresher(t, venues.environment(), ['okx']);
  await settle();
  t.same(refresher.status('okx').missing, []);
  const before = catalogue.list('okx').length;

  venues.okx.failRest({ status: 404, path: 'instruments' });
  await clock.advance(3_600_000);
  await until(() => /SWAP: .*FUTURES: /.test(refresher.status('okx').problem ?? ''), 'told');
  t.equal(catalogue.list('okx').length, before);
  t.same(refresher.status('okx').missing, []);
});

t.test('an empty list of OKX futures is an answer; one that held contracts is a fault of the moment', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const { okx } = venues;
  const asked = () => okx.requests.filter(({ query }) => query.instType === 'FUTURES').length;
  const nothing = { status: 200, path: 'instType=FUTURES', body: '{"code":"0","data":[],"msg":""}' } as const;
  okx.failRest(nothing);
  const { refresher, catalogue, clock, settle, lines } = startRefresher(t, venues.environment(), ['okx']);
  await settle();
  t.same(refresher.status('okx').missing, []);
  const swaps = catalogue.list('okx').length;
  t.equal(refresher.status('okx').problem, undefined);

  await clock.advance(3_599_000);
  await settle();
  t.equal(asked(), 1, 'left alone for an hour');
  const hourly = async (isThere: () => boolean, what: string) => {
    for (let hour = 0; hour < 200 && !isThere(); hour += 1) {
      await clock.advance(3_600_000);
      await settle();
    }
    t.ok(isThere(), what);
  };
  okx.failRest(undefined);
  await hourly(() => catalogue.list('okx').length > swaps, 'futures listed again');
  okx.failRest(nothing);
  await hourly(() => /^FUTURES: .*holds no contract/.test(refresher.status('okx').problem ?? ''), 'told');
  t.ok(catalogue.list('okx').length > swaps, 'kept');
  t.equal(lines.filter(({ msg }) => msg === 'no list of contracts').length, 1);
});

t.test('a host that has only one product is whole with that', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.binance.failRest({ status: 404, path: '/dapi/' });
  const { refresher, catalogue } = startRefresher(t, venues.environment(), ['binance']);
  await until(() => refresher.status('binance').missing.length === 0, 'settled');
  await until(() => catalogue.list('binance').length === 8, 'USD-M listed');
  t.match(refresher.status('binance').problem, /^COIN-M: .*knows no such path/);
});

t.test('says that a venue is blind when no list has come for a minute', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  venues.okx.failRest({ status: 500 });
  const { refresher, clock } = startRefresher(t, venues.environment(), ['okx']);
  await until(() => refresher.status('okx').problem !== undefined, 'told');
  t.notMatch(refresher.status('okx').problem, /nothing this venue sends can be read/);

  await clock.advance(61_000);
  t.match(
    refresher.status('okx').problem,
    /^no list of contracts for 61 s, so nothing this venue sends can be read; SWAP: /,
  );
});
