// The series of a back-test against those of the exporter itself: same moment, same names, labels and values.

import t from 'tap';
import { ExporterTarget, SHOWN_SERIES } from '../../backtest/exporter-target.ts';
import { SampleBatch } from '../../backtest/series-writer.ts';
import { canonicalSymbol, epochMs, usd } from '../../common/brands.ts';
import type { Exchange, Liquidation, Side } from '../../exporter/events.ts';
import { createExporterMetrics } from '../../exporter/metrics/exporter-metrics.ts';
import { ClockOffsets } from '../../exporter/windows/clock-offset.ts';
import { LatestState } from '../../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../../exporter/windows/liquidation-store.ts';
import { venueOf } from '../support/venues.ts';
import { startTestEngine } from './engine-under-test.ts';

const NOW = epochMs(1_767_225_600_000);
const BTC = canonicalSymbol('BTC');

function liquidation(symbol: string, exchange: Exchange, side: Side, notional: number, ageMs: number): Liquidation {
  const eventTime = epochMs(NOW - ageMs);
  return {
    type: 'liquidation',
    exchange,
    instrumentId: `${symbol}USDT`,
    symbol: canonicalSymbol(symbol),
    liquidatedSide: side,
    priceUsd: usd(100),
    notionalUsd: usd(notional),
    eventTime,
    receiveTime: eventTime,
  };
}

function filledBook(): LiquidationStore {
  const liquidations = new LiquidationStore({ symbols: [BTC], exchanges: ['binance', 'okx'], ringSize: 10 });
  liquidations.take(liquidation('BTC', 'binance', 'long', 1_000.25, 29_000), 0);
  liquidations.take(liquidation('BTC', 'okx', 'short', 90_000, 12_000), 0);
  liquidations.take(liquidation('DOGE', 'binance', 'long', 7, 9_000), 0);
  liquidations.take(liquidation('BTC', 'binance', 'long', 400, 1_500), 0);
  return liquidations;
}

function filledState(): LatestState {
  const state = new LatestState();
  const place = { exchange: 'okx', instrumentId: 'BTC-USDT-SWAP', symbol: BTC, receiveTime: NOW } as const;
  state.cover('okx', [{ instrumentId: 'BTC-USDT-SWAP', symbol: BTC, margin: 'linear', quote: 'USDT' }]);
  state.recordOpenInterest({ type: 'open_interest', ...place, baseQuantity: 50, notionalUsd: undefined });
  state.recordMarkPrice({ type: 'mark_price', ...place, priceUsd: usd(101.5) });
  return state;
}

/** `name{a="b",c="d"} 1` → one text a series, its labels in order. */
function parseExposition(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const [, name = '', labels = '', value] of text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)) {
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, content]) => `${label}=${content}`);
    samples.set(`${name} ${pairs.sort().join(' ')}`, Number(value));
  }
  return samples;
}

t.test('shows what the exporter shows at the same moment', async (t) => {
  const engine = await startTestEngine(t);
  const liquidations = filledBook();
  const state = filledState();
  const maxAge = () => 600_000;
  const metrics = createExporterMetrics({
    version: '0',
    clock: { wallNow: () => NOW, now: () => NOW, monotonicMs: () => 0, sleep: async () => undefined },
    symbols: [BTC],
    venues: ['binance', 'okx'].map(venueOf),
    overrides: [],
    liquidations,
    offsets: new ClockOffsets(),
    state,
    maxStateAgeMs: maxAge,
    feeds: () => [],
    existingOpenInterest: () => [],
  });
  const exposed = parseExposition(await metrics.metrics());
  const batch = new SampleBatch((body) => engine.write(body));
  const target = new ExporterTarget('exporter-alerting', batch, { wanted: SHOWN_SERIES, dense: new Set() });
  const totals = new ExporterTarget('exporter', batch, { wanted: SHOWN_SERIES, dense: new Set() });

  target.showMarket(NOW, {
    symbols: liquidations.symbolViews(NOW),
    market: liquidations.marketView(NOW),
    state: state.read(NOW, maxAge),
    watched: [BTC],
  });
  totals.showTotals(NOW, liquidations.totals());
  await batch.flush();

  const shown = await engine.query('{__name__=~"derivatives_.+"}', NOW);
  t.ok(shown.length > 35, `${shown.length} series`);
  for (const { labels, value } of shown) {
    const { __name__: name = '', job, instance, ...own } = labels;
    const pairs = Object.entries(own).map(([label, content]) => `${label}=${content}`);
    t.equal(exposed.get(`${name} ${pairs.sort().join(' ')}`), value, JSON.stringify(labels));
    t.equal(job, name.endsWith('_total') ? 'exporter' : 'exporter-alerting');
  }
  const families = new Set(shown.map(({ labels }) => labels.__name__));
  t.strictSame(
    [...SHOWN_SERIES].filter((name) => !families.has(name)),
    [],
    'every series that it claims to show',
  );
});
