import { Registry } from 'prom-client';
import t from 'tap';
import { familyText, registerCounter, registerGauge, type Sample } from '../../../exporter/metrics/snapshot-metric.ts';

const SAMPLES: readonly Sample<'symbol' | 'side'>[] = [
  { labels: { symbol: 'BTC', side: 'long' }, value: 1.5 },
  { labels: { symbol: '牛来', side: 'short' }, value: 0 },
  { labels: { symbol: 'quote " backslash \\ line \n end', side: '' }, value: 1e21 },
];

t.test('the text written here is the one prom-client writes', async (t) => {
  const registry = new Registry();
  const labelNames = ['symbol', 'side'] as const;
  registerGauge(registry, { name: 'some_gauge', help: 'A \\ and a \n line.', labelNames, read: () => SAMPLES });
  registerCounter(registry, { name: 'some_total', help: 'Counted.', labelNames, read: () => SAMPLES });
  registerGauge(registry, { name: 'bare', help: 'No label.', labelNames: [], read: () => [{ labels: {}, value: 7 }] });
  registerGauge(registry, { name: 'empty', help: 'No series.', labelNames, read: () => [] });
  const texts = await Promise.all(
    ['some_gauge', 'some_total', 'bare', 'empty'].map((name) => familyText(registry, name)),
  );
  t.equal(`${texts.join('\n\n')}\n`, await registry.metrics());
});

t.test('a series is gone from the registry when its source no longer gives it', async (t) => {
  const registry = new Registry();
  let samples = SAMPLES;
  registerGauge(registry, { name: 'some_gauge', help: 'Help.', labelNames: ['symbol', 'side'], read: () => samples });
  t.match(await registry.metrics(), /BTC/);
  samples = SAMPLES.slice(1);
  t.notMatch(await registry.metrics(), /BTC/);
});
