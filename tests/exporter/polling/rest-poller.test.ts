import t, { type Test } from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { RestPoller, type RestPollerOptions } from '../../../exporter/polling/rest-poller.ts';
import { createRestClient } from '../../../exporter/requests/rest-client.ts';
import { startBinanceSimulator } from '../../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../../simulators/venues/okx.ts';
import type { VenueSimulator } from '../../../simulators/venues/venue-simulator.ts';
import { withSleepers } from '../../support/sleepers.ts';
import { venueOf } from '../../support/venues.ts';
import { catalogueOf, createSink, readAll, silentLogger, until, urlsOf } from '../connections/feed-harness.ts';
import { createManualClock } from '../connections/manual-clock.ts';

async function startPoller(t: Test, venue: VenueSimulator, overrides: Partial<RestPollerOptions> = {}) {
  const sink = createSink();
  const clock = withSleepers(createManualClock());
  const client = createRestClient({ clock, throttleCodes: venueOf(venue.exchange).throttleCodes });
  const poller = new RestPoller({
    venue: venueOf(venue.exchange),
    catalogue: overrides.catalogue ?? (await catalogueOf(venue)),
    urls: urlsOf(venue),
    symbols: ['BTC', 'ETH', 'SOL'].map(canonicalSymbol),
    pollSeconds: 'auto',
    requestsPerHour: 100,
    client,
    clock,
    logger: silentLogger,
    missingLists: () => [],
    isStreamLive: () => true,
    ...overrides,
  });
  const asked = () => venue.requests.filter(({ path }) => /openInterest|open-interest|tickers/.test(path)).length;
  const priced = () => venue.requests.filter(({ path }) => /premiumIndex|mark-price/.test(path)).length;
  const stop = new AbortController();
  const done = readAll(poller.messages(stop.signal), sink.take);
  t.teardown(async () => {
    stop.abort();
    await done;
    await venue.close();
  });
  /** Open interest and mark prices are a task each. Both sleep when everything asked for now has been answered. */
  const settle = () => clock.untilAsleep(2);
  /** Moves time in small steps, each after the answers of the one before. */
  const pass = async (seconds: number, stepSeconds = 1) => {
    await settle();
    for (let second = 0; second < seconds; second += stepSeconds) {
      await clock.advance(stepSeconds * 1_000);
      await settle();
    }
  };
  return { poller, sink, clock, asked, priced, pass };
}

t.test('reads the open interest of every covered contract of each venue, one side counted', async (t) => {
  const cases = [
    [await startBinanceSimulator(), 'BTCUSDT', 90_000, 6],
    [await startBybitSimulator(), 'BTCUSDT', 54_000, 2],
    [await startOkxSimulator(), 'BTC-USDT-SWAP', 27_000, 1],
  ] as const;
  for (const [venue, instrumentId, baseQuantity, calls] of cases) {
    await t.test(venue.exchange, async (t) => {
      const { poller, sink, asked, pass } = await startPoller(t, venue);
      await pass(2, 0.2);
      await until(() => poller.status().connected, 'a whole round');

      t.equal(asked(), calls);
      t.match(
        sink.events.find((event) => event.type === 'open_interest' && event.instrumentId === instrumentId),
        {
          baseQuantity,
        },
      );
      t.ok(sink.events.some((event) => event.type === 'mark_price'));
      const { coverage, requestsLastHour, lastMessageAt, connectedSince } = poller.status();
      t.equal(coverage.confirmed, coverage.wanted);
      t.equal(requestsLastHour, calls);
      t.ok(lastMessageAt !== undefined && connectedSince !== undefined);
    });
  }
});

t.test('trap 17: stays below the hourly budget, counts prices apart, and shows the cadence it keeps', async (t) => {
  const { poller, asked, priced, pass } = await startPoller(t, await startBinanceSimulator());
  await pass(3_600, 5);
  t.ok(asked() < 100 && asked() > 85, `${asked()} requests in an hour`);
  t.ok(priced() > 400);
  t.ok(Math.abs((poller.status().cadenceSeconds ?? 0) - 219) < 45);
  t.ok(poller.status().requestsLastHour < 100);
});

t.test('keeps to the budget and says so where five minutes cannot be kept', async (t) => {
  const { poller, pass, asked } = await startPoller(t, await startBinanceSimulator(), { requestsPerHour: 20 });
  await pass(3_600, 10);
  t.ok(asked() < 20);
  t.match(poller.status().lastError, /slower than 300 s: OI_REQUESTS_PER_HOUR=20/);
});

t.test('names how many contracts of all it can cover', async (t) => {
  const { poller, pass } = await startPoller(t, await startBinanceSimulator(), {
    symbols: undefined,
    requestsPerHour: 70,
  });
  await pass(2, 0.2);
  await until(() => poller.status().connected, 'a whole round');
  t.match(poller.status().lastError, /open interest of 5 of 9 contracts/);
  t.same(poller.status().coverage, { wanted: 9, confirmed: 5 });
});

t.test('tells a failing round, tries again, and comes back', async (t) => {
  const venue = await startOkxSimulator();
  venue.failRest({ status: 503, times: 1, path: 'open-interest' });
  const { poller, pass } = await startPoller(t, venue);
  await until(() => /in trouble/.test(poller.status().lastError ?? ''), 'named');
  t.notOk(poller.status().connected);
  await pass(6);
  await until(() => poller.status().connected, 'tried again');
  t.equal(poller.status().lastError, undefined);

  venue.failRest({ status: 500, path: 'open-interest' });
  await pass(60);
  t.notOk(poller.status().connected);
  t.equal(poller.status().connectedSince, undefined);
  venue.failRest(undefined);
  await pass(120);
  await until(() => poller.status().connected, 'back');
  t.equal(poller.status().reconnects, 1);
});

t.test('leaves a venue alone as long as its Retry-After says, prices included', async (t) => {
  for (const status of [429, 418]) {
    const venue = await startOkxSimulator();
    const catalogue = await catalogueOf(venue);
    venue.failRest({ status, retryAfterSeconds: 120, times: 2 });
    const { poller, pass } = await startPoller(t, venue, { catalogue });
    await until(() => poller.status().lastError !== undefined, 'told');
    const { length } = venue.requests;
    await pass(110);
    t.equal(venue.requests.length, length, `${status}: nothing is asked meanwhile`);
    await pass(20);
    await until(() => poller.status().connected, 'connected afterwards');
  }
});

t.test('takes an answer with code 50011 for throttling', async (t) => {
  const venue = await startOkxSimulator();
  venue.failRest({
    status: 200,
    body: '{"code":"50011","msg":"Too Many Requests","data":[]}',
    times: 1,
    path: 'open-interest',
  });
  const { poller, pass } = await startPoller(t, venue);
  await until(() => /code 50011/.test(poller.status().lastError ?? ''), 'told');
  await pass(70);
  await until(() => poller.status().connected, 'connected');
});

t.test('trap 22: names a restricted location', async (t) => {
  const venue = await startBinanceSimulator();
  const catalogue = await catalogueOf(venue);
  venue.failRest({ status: 451 });
  const { poller } = await startPoller(t, venue, { catalogue });
  await until(() => /does not serve this location/.test(poller.status().lastError ?? ''), 'named');
});

t.test('takes an answer without anything usable for a failure', async (t) => {
  const venue = await startBybitSimulator();
  const catalogue = await catalogueOf(venue);
  venue.failRest({ status: 200, body: '{"retCode":10001,"retMsg":"params error"}', times: 1 });
  const { poller } = await startPoller(t, venue, { catalogue });
  await until(() => /tickers: /.test(poller.status().lastError ?? ''), 'told');
  t.notOk(poller.status().connected);
});

t.test('waits for the contracts without asking anything', async (t) => {
  const venue = await startOkxSimulator();
  const catalogue = new InstrumentCatalogue();
  const full = await catalogueOf(venue);
  const { poller, pass, asked } = await startPoller(t, venue, { catalogue });
  await pass(3);
  t.equal(asked(), 0);
  t.match(poller.status(), { connected: false, lastError: /waiting for the list of contracts/ });
  catalogue.replace('okx', full.list('okx'));
  await pass(1);
  await until(() => poller.status().connected, 'begun');
});

t.test('waits for a list that has not come, since a part of the contracts is a partial sum', async (t) => {
  const venue = await startBinanceSimulator();
  let missing: readonly string[] = ['COIN-M'];
  const { poller, pass, asked } = await startPoller(t, venue, { missingLists: () => missing });
  await pass(3);
  t.equal(asked(), 0);
  t.match(poller.status(), { connected: false, lastError: 'waiting for the list of contracts: COIN-M' });
  missing = [];
  await pass(2, 0.2);
  await until(() => poller.status().connected, 'begun');
});

t.test('asks Bybit for prices of their own only while its stream does not bring them', async (t) => {
  const venue = await startBybitSimulator();
  let isStreamLive = true;
  const { poller, sink, pass, asked } = await startPoller(t, venue, { isStreamLive: () => isStreamLive });
  await pass(1, 0.2);
  await until(() => poller.status().connected, 'the first round');
  await pass(45);
  t.equal(asked(), 2, 'one call for linear and one for inverse contracts');

  isStreamLive = false;
  const before = sink.events.filter(({ type }) => type === 'mark_price').length;
  await pass(16);
  await until(() => asked() === 4, 'prices');
  t.ok(sink.events.filter(({ type }) => type === 'mark_price').length > before);
  t.equal(poller.status().requestsLastHour, 2, 'they count apart');
});
