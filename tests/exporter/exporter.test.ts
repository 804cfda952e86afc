// End to end in one process: sockets and REST of the simulators → the text that Prometheus scrapes.
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { epochMs } from '../../common/brands.ts';
import { createSystemClock } from '../../common/clock.ts';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { type RunningExporter, runExporter } from './exporter-harness.ts';

const FAST = { controlIntervalMs: 20 } as const;
const ORDER = { side: 'long', notionalUsd: 200_000, price: 82_500 } as const;

const isAllConnected = async (exporter: RunningExporter) => (await exporter.health()).status === 'ok';
const burst = 'derivatives_liquidation_burst_events{symbol="BTC",slot="0"}';

t.test('liquidations of three venues become one burst, their windows and counters', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const exporter = await runExporter(t, venues.environment());
  await exporter.until('all connected', () => isAllConnected(exporter));

  venues.binance.liquidate({ instrumentId: 'BTCUSDT', ...ORDER }, { instrumentId: 'BTCUSD_PERP', ...ORDER });
  venues.bybit.liquidate({ instrumentId: 'BTCUSDT', ...ORDER, side: 'short' });
  venues.okx.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...ORDER });
  await exporter.until('a burst of four', async () => (await exporter.value(burst)) === 4);

  const value = (series: string) => exporter.value(series);
  t.equal(await value('derivatives_liquidation_burst_notional_usd{symbol="BTC",slot="0"}'), 800_000);
  t.equal(await value('derivatives_liquidations_total{exchange="binance",symbol="BTC",side="long"}'), 2);
  t.equal(await value('derivatives_liquidations_total{exchange="bybit",symbol="BTC",side="short"}'), 1);
  t.equal(await value('derivatives_liquidations_total{exchange="bybit",symbol="BTC",side="long"}'), 0);
  t.equal(
    await value('derivatives_liquidation_window_events{exchange="okx",symbol="BTC",side="long",window="30s"}'),
    1,
  );
  t.equal(await value('derivatives_liquidation_market_burst_events{slot="0"}'), 4);
  await exporter.until('open interest', async () => {
    return (await value('derivatives_open_interest_base{exchange="okx",symbol="BTC"}')) === 36_000;
  });
  t.equal(await value('derivatives_mark_price_usd{exchange="bybit",symbol="BTC"}'), 82_500);
  t.match(await exporter.read('/ready'), /"ready":true/);
});

for (const [host, errorMs] of [
  ['fast', 60_000],
  ['slow', -60_000],
] as const) {
  t.test(`a host clock that is 60 s ${host} changes no burst`, async (t) => {
    const venues = await startVenues({ ...FAST, clockOffsetMs: -errorMs });
    t.teardown(() => venues.close());
    const exporter = await runExporter(t, venues.environment());
    await exporter.until('all connected', () => isAllConnected(exporter));

    for (let each = 0; each < 3; each += 1) venues.bybit.liquidate({ instrumentId: 'BTCUSDT', ...ORDER });
    venues.okx.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...ORDER });
    await exporter.until('a burst of four', async () => (await exporter.value(burst)) === 4);

    t.equal(await exporter.value('derivatives_liquidations_late_total{exchange="bybit"}'), 0);
    const offset = await exporter.value('derivatives_clock_offset_seconds{exchange="bybit"}');
    t.ok(Math.abs(Number(offset) - errorMs / 1_000) < 5, `and is told: ${offset} s`);
  });
}

t.test('a host clock set while running is told, and moves no window', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const clock = createSystemClock();
  let setByMs = 0;
  const exporter = await runExporter(t, venues.environment(), {
    ...clock,
    wallNow: () => epochMs(clock.wallNow() + setByMs),
  });
  await exporter.until('all connected', () => isAllConnected(exporter));

  setByMs = 60_000;
  venues.okx.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...ORDER });
  await exporter.until('a burst', async () => (await exporter.value(burst)) === 1);
  const offset = await exporter.value('derivatives_clock_offset_seconds{exchange="okx"}');
  t.ok(Math.abs(Number(offset) - 60) < 5, `${offset} s`);
});

t.test('hostile frames are counted by reason and change nothing else', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const exporter = await runExporter(t, venues.environment());
  await exporter.until('all connected', () => isAllConnected(exporter));
  const rejected = (reason: string) =>
    exporter.value(`derivatives_feed_messages_rejected_total{exchange="okx",feed="liquidations",reason="${reason}"}`);
  const details = (fields: object) =>
    JSON.stringify({
      arg: { channel: 'liquidation-orders', instType: 'SWAP' },
      data: [
        { instId: 'BTC-USDT-SWAP', details: [{ posSide: 'long', sz: '1', bkPx: '1', ts: `${Date.now()}`, ...fields }] },
      ],
    });

  venues.okx.sendRaw('{"arg":{"channel":"liquidation-orders"');
  venues.okx.sendRaw(Buffer.from([0, 255, 7]));
  venues.okx.sendRaw(`"${'x'.repeat(10_000_000)}"`);
  venues.okx.sendRaw('{"arg":{"channel":"__proto__"},"data":[{}]}');
  venues.okx.sendRaw('{"__proto__":{"polluted":1},"arg":{"channel":"constructor"},"data":[]}');
  for (const fields of [{ sz: '-5' }, { sz: '1e400' }, { sz: 'NaN' }, { bkPx: '' }, { ts: '0' }, { posSide: 'both' }]) {
    venues.okx.sendRaw(details(fields));
  }
  venues.okx.sendRaw(details({}).replace('BTC-USDT-SWAP', 'toString'));
  await exporter.until('all are counted', async () => (await rejected('unknown_instrument')) === 1);

  t.equal(await rejected('not_json'), 1);
  t.equal(await rejected('binary'), 1);
  t.equal(await rejected('too_large'), 1);
  t.equal(await rejected('unknown_shape'), 2);
  t.equal(await rejected('invalid_field'), 6);
  t.equal(await exporter.value('derivatives_liquidations_total{exchange="okx",symbol="BTC",side="long"}'), 0);
  t.equal(({} as Readonly<Record<string, unknown>>).polluted, undefined);
  t.ok(await isAllConnected(exporter), 'and every feed is where it was');
  const logged = exporter.logLines.filter((line) => line.includes('"message dropped"'));
  t.equal(logged.length, 6, 'one log line for each reason');
});

t.test('works with a venue that has half of the REST surface, in bare lists', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const list = (await (await fetch(`${venues.binance.restUrl}/fapi/v1/exchangeInfo`)).json()) as { symbols: unknown };
  // Bare lists of USD-M contracts, and 404 for everything else.
  const rest = await startBareRest(t, { '/fapi/v1/exchangeInfo': list.symbols });
  const exporter = await runExporter(t, {
    ...venues.environment(),
    EXCHANGES: 'binance',
    BINANCE_REST_URL: rest,
    BINANCE_COINM_REST_URL: rest,
  });
  await exporter.until('connected', async () => {
    return (await exporter.value('derivatives_feed_connected{exchange="binance",feed="liquidations"}')) === 1;
  });
  venues.binance.liquidate({ instrumentId: 'BTCUSDT', ...ORDER });
  await exporter.until('a burst', async () => (await exporter.value(burst)) === 1);

  const { catalogues, status } = await exporter.health();
  t.equal(status, 'degraded');
  t.match(catalogues, [{ exchange: 'binance', contracts: 8, missing: [], problem: /^COIN-M: .*HTTP 404/ }]);
});

t.test('names a Binance path that is mute, and says which contracts it excludes', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  venues.bybit.setMarkPrice('1000PEPEUSDT', 5);
  const clock = createSystemClock();
  // Ten times as fast, so that half a minute of silence is three seconds.
  const quick = {
    ...clock,
    monotonicMs: () => clock.monotonicMs() * 10,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms / 10, signal),
  };
  const exporter = await runExporter(
    t,
    { ...venues.environment(), BINANCE_WS_URL: venues.binance.legacyWebsocketUrl },
    quick,
  );
  const binance = async () => (await exporter.health()).feeds.find(({ exchange }) => exchange === 'binance');
  await exporter.until('found out', async () =>
    /mute: connected, but no data/.test((await binance())?.lastError ?? ''),
  );

  t.match(await binance(), { feed: 'liquidations', connected: false, hostOverride: /BINANCE_WS_URL=/ });
  t.match(await exporter.health(), {
    status: 'degraded',
    priceCheck: { counts: { excluded: 1 }, contracts: [{ finding: 'excluded', exchange: 'bybit', symbol: 'PEPE' }] },
  });
  t.ok(exporter.logLines.some((line) => line.includes('1000PEPEUSDT') && line.includes('excluded')));
});

t.test('replaces a socket that has gone mute', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const clock = createSystemClock();
  const quick = {
    ...clock,
    monotonicMs: () => clock.monotonicMs() * 10,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms / 10, signal),
  };
  const exporter = await runExporter(t, { ...venues.environment(), EXCHANGES: 'okx' }, quick);
  await exporter.until('connected', () => isAllConnected(exporter));

  venues.okx.mute();
  await exporter.until('given up', async () => !(await isAllConnected(exporter)));
  t.equal(await exporter.value('derivatives_feed_connected{exchange="okx",feed="liquidations"}'), 0);
  t.equal(
    await exporter.value('derivatives_liquidation_window_events{exchange="okx",symbol="BTC",side="long",window="30s"}'),
    undefined,
    'none is no fact any more',
  );
  venues.okx.mute(false);
  await exporter.until('connected again', () => isAllConnected(exporter));
  t.ok(Number(await exporter.value('derivatives_feed_reconnects_total{exchange="okx",feed="liquidations"}')) >= 1);
});

t.test('is not ready, and says whom it waits for, before any venue is heard', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  for (const venue of venues.all) venue.failRest({ status: 503 });
  const exporter = await runExporter(t, venues.environment());
  await exporter.until('the reason is known', async () => /in trouble/.test(await exporter.read('/ready')));

  t.match(JSON.parse(await exporter.read('/ready')), { ready: false, waitingFor: { length: 6 } });
  t.equal((await exporter.health()).status, 'down');
});

t.test('shows the newest liquidations first, as many as are asked for', async (t) => {
  const venues = await startVenues(FAST);
  t.teardown(() => venues.close());
  const exporter = await runExporter(t, venues.environment());
  await exporter.until('connected', () => isAllConnected(exporter));
  t.same(JSON.parse(await exporter.read('/recent')), { liquidations: [] });

  const order = { instrumentId: 'BTCUSDT', side: 'long', price: 80_000 } as const;
  for (const [index, notionalUsd] of [1_000, 2_000, 3_000].entries()) {
    venues.bybit.liquidate({ ...order, notionalUsd, eventTime: Date.parse('2026-11-20T10:00:00Z') + index });
    await exporter.until('it is there', async () => {
      return JSON.parse(await exporter.read('/recent')).liquidations.length === index + 1;
    });
  }
  t.same(JSON.parse(await exporter.read('/recent?limit=2')).liquidations, [
    {
      ...{ exchange: 'bybit', symbol: 'BTC', liquidatedSide: 'long', notionalUsd: 3_000, priceUsd: 80_000 },
      eventTime: '2026-11-20T10:00:00.002Z',
    },
    {
      ...{ exchange: 'bybit', symbol: 'BTC', liquidatedSide: 'long', notionalUsd: 2_000, priceUsd: 80_000 },
      eventTime: '2026-11-20T10:00:00.001Z',
    },
  ]);
  for (const limit of ['0', '1001', 'x', '1.5']) {
    t.match(JSON.parse(await exporter.read(`/recent?limit=${limit}`)), { statusCode: 400, message: /limit/ });
  }
});

/** A REST host that answers these paths with their lists and all others with 404. */
async function startBareRest(t: Test, answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? '').split('?')[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
