import t from 'tap';
import { AppError } from '../../../common/errors.ts';
import { type ExporterConfig, loadExporterConfig } from '../../../exporter/config/config.ts';
import { EXCHANGE_NAMES } from '../../../exporter/venues/registry.ts';
import type { VenueUrls } from '../../../exporter/venues/venue.ts';

/** The message of the failure, or nothing. */
function faultsOf(environment: Readonly<Record<string, string>>): string {
  try {
    loadExporterConfig(environment);
    return '';
  } catch (error) {
    return error instanceof AppError && error.code === 'CONFIG_INVALID'
      ? error.message
      : `unexpected: ${String(error)}`;
  }
}

function urlsOf({ venues }: ExporterConfig, exchange: string): VenueUrls {
  const configured = venues.find(({ venue }) => venue.name === exchange);
  if (!configured) throw new Error(`${exchange} is not configured`);
  return configured.urls;
}

t.test('needs nothing: every variable has its default', async (t) => {
  const config = loadExporterConfig({});

  t.same(config.symbols, ['BTC', 'ETH', 'SOL']);
  t.same(config.exchanges.slice(0, 3), ['binance', 'bybit', 'okx']);
  t.same(config.exchanges, EXCHANGE_NAMES, 'every venue of the registry');
  t.match(config, {
    logLevel: 'info',
    host: '127.0.0.1',
    port: 8002,
    oiPollSeconds: 'auto',
    oiRequestsPerHour: 100,
    ringSize: 1000,
    overrides: [],
  });
  t.equal(config.marketDataUrl, undefined);
  t.equal(config.thresholdsFile, undefined);
  t.equal(loadExporterConfig({ THRESHOLDS_FILE: ' /a/table.yml ' }).thresholdsFile, '/a/table.yml');
  const urls = urlsOf(config, 'binance');
  t.same(urls.all('websocket'), ['wss://fstream.binance.com/market']);
  t.equal(urls.first('rest'), 'https://fapi.binance.com');
  t.equal(urls.first('coinMarginedRest'), 'https://dapi.binance.com');
  t.same(urls.overrides, []);
  t.same(urlsOf(config, 'okx').all('websocket'), [
    'wss://ws.okx.com/ws/v5/public',
    'wss://ws.okx.com:8443/ws/v5/public',
  ]);
  t.ok(Object.isFrozen(config));
});

t.test('reads symbols in any case, once each, and ALL for every one', async (t) => {
  t.same(loadExporterConfig({ SYMBOLS: ' btc, pepe ,BTC,' }).symbols, ['BTC', 'PEPE']);
  t.equal(loadExporterConfig({ SYMBOLS: 'all' }).symbols, undefined);
  t.same(
    loadExporterConfig({ SYMBOLS: '1000PEPE,SHIB1000,1INCH' }).symbols,
    ['PEPE', 'SHIB', '1INCH'],
    'the coin itself',
  );
});

t.test('an empty value means the default', async (t) => {
  t.equal(loadExporterConfig({ EXPORTER_PORT: '', EXCHANGES: ' ' }).port, 8002);
});

t.test('reads exchanges, level and cadence as people write them', async (t) => {
  const config = loadExporterConfig({ EXCHANGES: 'OKX,binance', MONITORING_LOG_LEVEL: 'Debug', OI_POLL_SECONDS: '30' });

  t.same(config.exchanges, ['okx', 'binance']);
  t.equal(config.logLevel, 'debug');
  t.equal(config.oiPollSeconds, 30);
});

t.test('trap 18: a host that is not the default is named, also behind a trailing slash', async (t) => {
  const config = loadExporterConfig({
    BINANCE_WS_URL: 'wss://fstream.binancefuture.com/market/',
    OKX_WS_URL: 'ws://a:1, ws://b:2',
  });

  t.same(urlsOf(config, 'binance').overrides, ['BINANCE_WS_URL=wss://fstream.binancefuture.com/market']);
  t.same(urlsOf(config, 'binance').all('websocket'), ['wss://fstream.binancefuture.com/market']);
  t.same(urlsOf(config, 'okx').all('websocket'), ['ws://a:1', 'ws://b:2']);
  t.same(urlsOf(config, 'bybit').overrides, []);
});

t.test('trap 17: a trailing slash is taken off, since Binance refuses a doubled one', async (t) => {
  t.equal(
    urlsOf(loadExporterConfig({ BINANCE_REST_URL: 'http://127.0.0.1:9/' }), 'binance').first('rest'),
    'http://127.0.0.1:9',
  );
  t.equal(loadExporterConfig({ MARKET_DATA_URL: 'http://localhost:8001/' }).marketDataUrl, 'http://localhost:8001');
});

t.test('reads thresholds for any symbol, percent as a ratio', async (t) => {
  const { overrides } = loadExporterConfig({
    CASCADE_COUNT_BTC: '7',
    CASCADE_VALUE_BTC: '1_000_000',
    LIQUIDATION_THRESHOLD_1000PEPE: '5e4',
    OI_THRESHOLD_SOL: '25',
    OI_MIN_VALUE_SOL: '10000000',
    OI_THRESHOLD_ETH: '',
  });

  t.same(overrides, [
    { symbol: 'BTC', kind: 'cascade_count', value: 7 },
    { symbol: 'BTC', kind: 'cascade_value_usd', value: 1_000_000 },
    { symbol: 'PEPE', kind: 'single_large_usd', value: 50_000 },
    { symbol: 'SOL', kind: 'oi_change_ratio', value: 0.25 },
    { symbol: 'SOL', kind: 'oi_min_usd', value: 10_000_000 },
  ]);
});

t.test('names each fault with its variable', async (t) => {
  for (const [environment, named] of [
    [{ SYMBOLS: 'B T C' }, 'SYMBOLS: "B T C" is no base asset'],
    [{ SYMBOLS: ',' }, 'SYMBOLS: name at least one'],
    [{ SYMBOLS: 'BTC,ETHUSDT' }, 'SYMBOLS: "ETHUSDT" is a contract; name its base asset, ETH'],
    [{ EXCHANGES: ',' }, 'EXCHANGES: name at least one of binance, bybit, okx'],
    [{ OKX_WS_URL: ',' }, 'OKX_WS_URL: "," names no URL'],
    [{ EXCHANGES: 'ftx' }, 'EXCHANGES: "ftx" is not one of binance, bybit, okx'],
    [{ EXPORTER_PORT: '70000' }, 'EXPORTER_PORT: must be <= 65535 (it is "70000")'],
    [{ EXPORTER_PORT: 'http' }, 'EXPORTER_PORT: must be integer'],
    [{ MONITORING_LOG_LEVEL: 'loud' }, 'MONITORING_LOG_LEVEL: "loud" is not one of'],
    [{ OI_POLL_SECONDS: '0' }, 'OI_POLL_SECONDS: must be "auto" or 1 to 300'],
    [{ OI_POLL_SECONDS: 'often' }, 'OI_POLL_SECONDS: must be "auto"'],
    [{ OI_REQUESTS_PER_HOUR: '-5' }, 'OI_REQUESTS_PER_HOUR: must be >= 1'],
    [{ LIQUIDATION_RING_SIZE: '0' }, 'LIQUIDATION_RING_SIZE: must be >= 1'],
    [{ BYBIT_WS_URL: 'https://x' }, 'BYBIT_WS_URL: "https://x" is not a URL that begins with ws:// or wss://'],
    [{ BYBIT_REST_URL: 'nonsense' }, 'BYBIT_REST_URL: "nonsense" is not a URL'],
    [{ MARKET_DATA_URL: 'ftp://x' }, 'MARKET_DATA_URL: "ftp://x" is not a URL'],
    [{ BINANCE_REST_URL: 'https://user@x' }, 'BINANCE_REST_URL: must not contain credentials'],
    [{ CASCADE_COUNT_BTC: '-1' }, 'CASCADE_COUNT_BTC: must be a number above 0 (it is "-1")'],
    [{ OI_THRESHOLD_BTC: '15%' }, 'OI_THRESHOLD_BTC: must be a number above 0'],
    [{ OI_THRESHOLD_BTC: '101' }, 'OI_THRESHOLD_BTC: must be at most 100 percent (it is "101")'],
    [{ CASCADE_VALUE_BTC: '1e10' }, 'CASCADE_VALUE_BTC: must be at most 1000000000 (it is "1e10")'],
    [{ CASCADE_COUNT_BTC: '4.5' }, 'CASCADE_COUNT_BTC: must be a whole number (it is "4.5")'],
    [{ 'CASCADE_COUNT_B C': '5' }, 'CASCADE_COUNT_B C: "B C" is no base asset'],
  ] as const) {
    const message = faultsOf(environment);
    t.match(message, named);
    t.match(message, 'exporter cannot start: 1 fault in its configuration');
  }
});

t.test('lists all faults at once', async (t) => {
  const message = faultsOf({
    SYMBOLS: '?',
    EXCHANGES: 'ftx',
    EXPORTER_PORT: '70000',
    OI_POLL_SECONDS: 'x',
    OKX_WS_URL: 'x',
    CASCADE_COUNT_BTC: '0',
  });

  t.match(message, '6 faults');
  for (const name of ['SYMBOLS', 'EXCHANGES', 'EXPORTER_PORT', 'OI_POLL_SECONDS', 'OKX_WS_URL', 'CASCADE_COUNT_BTC']) {
    t.match(message, `\n  - ${name}: `);
  }
});

t.test('a fault in the schema hides none of the others', async (t) => {
  t.match(faultsOf({ EXPORTER_PORT: 'x', MONITORING_LOG_LEVEL: 'loud' }), '2 faults');
});
