// A venue is one folder and one line of the registry: a made-up one takes part in everything, and nothing else was edited.
import t from 'tap';
import { loadExporterConfig } from '../../../exporter/config/config.ts';
import { probeRoutes } from '../../../exporter/venues/probe-routes.ts';
import { VENUES } from '../../../exporter/venues/registry.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { runExporter } from '../exporter-harness.ts';
import { startMercatoSimulator } from './simulator.ts';
import { mercato } from './venue.ts';

const ALL_VENUES = [...VENUES, mercato];

t.test('windows, bursts, clocks, lag, coverage, open interest and health know it', async (t) => {
  const venues = await startVenues({ controlIntervalMs: 20 });
  // Its clock is 40 s behind: whoever forgot it there would lose its events.
  const simulator = await startMercatoSimulator({ controlIntervalMs: 20, clockOffsetMs: -40_000 });
  t.teardown(() => Promise.all([venues.close(), simulator.close()]));
  const exporter = await runExporter(
    t,
    {
      ...venues.environment(),
      ...simulator.environment(),
      EXCHANGES: 'binance,bybit,okx,mercato',
      OI_POLL_SECONDS: '1',
      OI_REQUESTS_PER_HOUR: '100000',
    },
    undefined,
    ALL_VENUES,
  );
  const labels = 'exchange="mercato",symbol="BTC"';
  await exporter.until('connected', async () => {
    const { feeds } = await exporter.health();
    return feeds.length === 8 && feeds.every(({ connected }) => connected);
  });
  const { feeds } = await exporter.health();
  t.match(
    feeds.filter(({ exchange }) => exchange === 'mercato'),
    [
      { feed: 'liquidations', coverage: { wanted: 3, confirmed: 3 }, hostOverride: /MERCATO_WS_URL=ws:/ },
      { feed: 'open_interest', coverage: { wanted: 3, confirmed: 3 } },
    ],
  );

  simulator.liquidate({ instrumentId: 'BTC:USDT', side: 'long', notionalUsd: 250_000, price: 82_500 });
  const total = `derivatives_liquidations_total{${labels},side="long"}`;
  await exporter.until('counted', async () => (await exporter.value(total)) === 1);
  const text = await exporter.read('/metrics');
  t.match(text, `derivatives_liquidation_window_notional_usd{${labels},side="long",window="30s"} 250000`);
  t.match(
    text,
    /derivatives_liquidation_burst_split_events\{symbol="BTC",slot="\d+",exchange="mercato",side="long"\} 1/,
  );
  t.match(text, /derivatives_liquidation_market_window_events\{exchange="mercato",side="long",window="30s"\} 1/);
  t.match(text, 'derivatives_feed_lag_seconds_count{exchange="mercato"} 1');
  t.match(text, 'derivatives_feed_sampled{exchange="mercato"} 1');
  t.match(text, 'derivatives_exchange_info{exchange="mercato",display_name="MerCato"} 1');
  t.match(text, `derivatives_open_interest_base{${labels}} 5000`);
  t.match(text, 'derivatives_feed_contracts{exchange="mercato",feed="liquidations",state="confirmed"} 3');
  const offset = await exporter.value('derivatives_clock_offset_seconds{exchange="mercato"}');
  t.ok(offset !== undefined && Math.abs(offset - 40) < 1, `${offset} s`);
});

t.test('the configuration takes its name and its variables, and finds their faults', async (t) => {
  const { venues } = loadExporterConfig({ EXCHANGES: 'Mercato', MERCATO_REST_URL: 'http://127.0.0.1:1/' }, ALL_VENUES);
  t.same(
    venues.map(({ venue, urls }) => [venue.name, urls.first('websocket'), urls.first('rest'), urls.overrides]),
    [['mercato', 'wss://stream.mercato.example/all', 'http://127.0.0.1:1', ['MERCATO_REST_URL=http://127.0.0.1:1']]],
  );
  t.throws(() => loadExporterConfig({ MERCATO_WS_URL: 'https://x' }, ALL_VENUES), /MERCATO_WS_URL.*begins with ws/);
  t.throws(() => loadExporterConfig({ EXCHANGES: 'mercato' }), /not one of binance, bybit/);
});

t.test('its way is probed', async (t) => {
  t.match(probeRoutes(ALL_VENUES).at(-1), { targets: ['stream.mercato.example:443'], labels: { route: 'mercato' } });
});
