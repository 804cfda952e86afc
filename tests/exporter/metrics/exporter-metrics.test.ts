import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import { liquidation } from '../windows/liquidations.ts';
import { ALL_FEEDS, BTC, feedStatus, fillState, openMetrics, seriesOf } from './metrics-stand.ts';

const GOLDEN = new URL('../../golden/exporter-metrics.txt', import.meta.url);

const SILENT = { connected: false, lastMessageAt: undefined, connectedSince: undefined, circuit: 'open' } as const;

/** Without the process's own figures, which differ from run to run. */
function marketFamilies(text: string): string {
  const isOurs = (family: string) => family.startsWith('# HELP derivatives_') && !family.includes('build_info');
  return `${text
    .trim()
    .split(/\n+(?=# HELP )/)
    .filter(isOurs)
    .join('\n\n')}\n`;
}

t.test('the whole text of a small market is the golden one', async (t) => {
  const stand = openMetrics({
    overrides: [{ symbol: BTC, kind: 'oi_change_ratio', value: 0.15 }],
    thresholdTableHash: () => '0123456789ab',
    existingOpenInterest: () => [{ exchange: 'bybit', symbol: BTC, notionalUsd: 4e9 }],
    feeds: () => ALL_FEEDS.map((feed) => (feed.exchange === 'okx' ? feedStatus('okx', feed.feed, SILENT) : feed)),
  });
  const events = [
    { at: 0, exchange: 'binance', side: 'long', notionalUsd: 400_000, priceUsd: 81_000 },
    { at: 10, exchange: 'bybit', side: 'long', notionalUsd: 550_000.25, priceUsd: 81_010 },
    { at: 20, exchange: 'bybit', side: 'short', notionalUsd: 250_000, priceUsd: 81_020 },
    { at: 30, exchange: 'binance', side: 'long', notionalUsd: 1_000, symbol: 'PEPE' },
  ] as const;
  for (const event of events) {
    stand.liquidations.take(liquidation(event), 0);
    stand.metrics.observeLag(liquidation(event));
  }
  stand.metrics.countReject('okx', 'liquidations', 'invalid_field');
  fillState(stand.state, 'bybit');
  const { eventTime, receiveTime } = liquidation({ at: 0, lagMs: 45 });
  stand.offsets.sample('bybit', eventTime, receiveTime);
  stand.moveTo(100);

  const text = marketFamilies(await stand.metrics.metrics());

  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, text);
  t.equal(text, readFileSync(GOLDEN, 'utf8'), 'run with UPDATE_GOLDEN=1 and review the difference');
});

t.test('what alert rules need is served apart, with the start time of the process', async (t) => {
  const { metrics } = openMetrics();
  const alerting = await metrics.alertingMetrics();
  t.equal(seriesOf(alerting, 'process_start_time_seconds').length, 1);
  t.equal(seriesOf(alerting, 'derivatives_feed_connected').length, 6);
  t.notMatch(alerting, /process_cpu|derivatives_feed_lag_seconds/);
  const all = await metrics.metrics();
  t.ok(all.startsWith(alerting.trimEnd()), 'the full text begins with it');
  t.match(all, /derivatives_build_info\{version="1.2.3",node_version="v\d+/);
  t.match(all, /process_resident_memory_bytes \d+/);
  t.match(metrics.contentType, /text\/plain; version=0\.0\.4/);
});

t.test('no family and no series is given twice', async (t) => {
  const { metrics, liquidations, state } = openMetrics({
    overrides: [
      { symbol: BTC, kind: 'cascade_count', value: 5 },
      { symbol: BTC, kind: 'cascade_count', value: 7 },
    ],
  });
  for (const exchange of ['binance', 'bybit', 'okx'] as const) {
    fillState(state, exchange);
    for (const at of [0, 0, 0]) liquidations.take(liquidation({ at, exchange }), 0);
  }
  const text = await metrics.metrics();
  const lines = text.split('\n').filter((line) => line !== '');
  const names = lines.map((line) =>
    line.startsWith('#') ? line.split(' ').slice(0, 3).join(' ') : line.replace(/ [^ ]+$/, ''),
  );
  t.same(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  t.same(seriesOf(text, 'derivatives_threshold_override'), ['{symbol="BTC",kind="cascade_count"} 7']);
});

t.test('a price and an open interest that went stale are absent, not old', async (t) => {
  const { metrics, state, moveTo } = openMetrics();
  fillState(state, 'okx');
  moveTo(60_000);
  const fresh = await metrics.alertingMetrics();
  t.same(seriesOf(fresh, 'derivatives_mark_price_usd'), ['{exchange="okx",symbol="BTC"} 80000']);
  t.same(seriesOf(fresh, 'derivatives_open_interest_usd'), ['{exchange="okx",symbol="BTC"} 2000000000']);
  moveTo(60_001);
  const stale = await metrics.alertingMetrics();
  for (const name of ['mark_price_usd', 'open_interest_usd', 'open_interest_base']) {
    t.same(seriesOf(stale, `derivatives_${name}`), []);
  }
});

t.test('windows show 0 only for venues that are heard', async (t) => {
  const { metrics } = openMetrics({
    feeds: () => [feedStatus('binance', 'liquidations'), feedStatus('bybit', 'liquidations', { connected: false })],
  });
  const text = await metrics.alertingMetrics();
  t.same(seriesOf(text, 'derivatives_liquidation_window_events'), [
    '{exchange="binance",symbol="BTC",side="long",window="30s"} 0',
    '{exchange="binance",symbol="BTC",side="short",window="30s"} 0',
  ]);
  t.equal(seriesOf(text, 'derivatives_liquidation_market_window_events').length, 2);
  t.same(seriesOf(text, 'derivatives_liquidation_window_largest_usd'), [], 'there is no largest of none');
});

t.test('counters of configured symbols exist at 0; with all symbols only those that were seen', async (t) => {
  const listed = openMetrics({ symbols: [BTC, canonicalSymbol('ETH')] });
  t.equal(seriesOf(await listed.metrics.metrics(), 'derivatives_liquidations_total').length, 12);
  t.equal(seriesOf(await listed.metrics.metrics(), 'derivatives_watched_symbol').length, 2);

  const all = openMetrics({ symbols: undefined });
  t.same(seriesOf(await all.metrics.metrics(), 'derivatives_liquidations_total'), []);
  all.liquidations.take(liquidation({ at: 0, symbol: 'PEPE' }), 0);
  fillState(all.state, 'okx');
  const text = await all.metrics.metrics();
  t.same(seriesOf(text, 'derivatives_liquidations_total'), ['{exchange="bybit",symbol="PEPE",side="long"} 1']);
  t.same(seriesOf(text, 'derivatives_watched_symbol'), ['{symbol="BTC"} 1', '{symbol="PEPE"} 1']);
});

t.test('reads of both texts at once each show one moment', async (t) => {
  const { metrics, liquidations, moveTo } = openMetrics();
  liquidations.take(liquidation({ at: 0 }), 0);
  moveTo(10);
  const all = metrics.metrics();
  liquidations.take(liquidation({ at: 10 }), 0);
  const alerting = metrics.alertingMetrics();
  t.same(seriesOf(await all, 'derivatives_liquidation_burst_events'), ['{symbol="BTC",slot="0"} 1']);
  t.same(seriesOf(await all, 'derivatives_liquidation_burst_notional_usd'), ['{symbol="BTC",slot="0"} 100000']);
  t.same(seriesOf(await alerting, 'derivatives_liquidation_burst_events'), ['{symbol="BTC",slot="0"} 2']);
  t.same(seriesOf(await alerting, 'derivatives_liquidation_burst_notional_usd'), ['{symbol="BTC",slot="0"} 200000']);
});

t.test('a text shows the moment at which it was asked for, however slowly it is read', async (t) => {
  const { metrics, liquidations, moveTo } = openMetrics();
  liquidations.take(liquidation({ at: 0 }), 0);
  moveTo(10);
  const chunks = metrics.alertingChunks();
  liquidations.take(liquidation({ at: 10 }), 0);
  let text = '';
  for await (const chunk of chunks) text += chunk;
  t.same(seriesOf(text, 'derivatives_liquidation_burst_events'), ['{symbol="BTC",slot="0"} 1']);
});

t.test("the offset shown is the host clock's error", async (t) => {
  const { metrics, offsets } = openMetrics();
  t.same(seriesOf(await metrics.alertingMetrics(), 'derivatives_clock_offset_seconds'), [], 'unknown is not 0');
  const { eventTime, receiveTime } = liquidation({ at: 0, lagMs: 60_000 });
  offsets.sample('bybit', eventTime, receiveTime);
  const text = await metrics.alertingMetrics();
  t.ok(seriesOf(text, 'derivatives_clock_offset_seconds').includes('{exchange="bybit"} 60'));
});

t.test('the lag is receive minus event time, and never below 0', async (t) => {
  const { metrics } = openMetrics();
  metrics.observeLag(liquidation({ at: 0, lagMs: 1_200 }));
  metrics.observeLag(liquidation({ at: 0, lagMs: -900 }));
  const text = await metrics.metrics();
  t.ok(seriesOf(text, 'derivatives_feed_lag_seconds_sum').includes('{exchange="bybit"} 1.2'));
  t.ok(seriesOf(text, 'derivatives_feed_lag_seconds_count').includes('{exchange="bybit"} 2'));
  t.ok(seriesOf(text, 'derivatives_feed_lag_seconds_count').includes('{exchange="okx"} 0'));
});

t.test('the wait for a scrape is that of the oldest liquidation it is the first to show', async (t) => {
  const { metrics, moveTo } = openMetrics();
  const wait = async (part: string) =>
    seriesOf(await metrics.metrics(), `derivatives_scrape_wait_seconds_${part}`).map((series) => series.trim());
  await metrics.alertingMetrics();
  t.same(await wait('count'), ['0'], 'nothing to show');
  metrics.observeLag(liquidation({ at: 100 }));
  metrics.observeLag(liquidation({ at: 300 }));
  moveTo(400);
  t.same(await wait('count'), ['0'], 'the full text is not the one for rules');
  await metrics.alertingMetrics();
  moveTo(900);
  await metrics.alertingMetrics();
  t.same(await wait('count'), ['1'], 'shown once');
  t.same(await wait('sum'), ['0.3']);
});

t.test('with more than 50 symbols the idle ones have counters at 0 and no window', async (t) => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => canonicalSymbol(`COIN${index}`));
  const [few, many] = [openMetrics({ symbols: names(50) }), openMetrics({ symbols: names(51) })];

  t.equal(seriesOf(await few.metrics.alertingMetrics(), 'derivatives_liquidation_window_events').length, 300);
  const text = await many.metrics.metrics();
  t.equal(seriesOf(text, 'derivatives_liquidation_window_events').length, 0);
  t.equal(seriesOf(text, 'derivatives_liquidations_total').length, 306);
});
