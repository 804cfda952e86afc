import { Registry } from 'prom-client';
import t from 'tap';
import {
  registerCounter,
  registerFamilies,
  registerGauge,
  registryWriters,
  type Sample,
} from '../../../exporter/metrics/snapshot-metric.ts';

const SAMPLES: readonly Sample<'symbol' | 'side'>[] = [
  { labels: { symbol: 'BTC', side: 'long' }, value: 1.5 },
  { labels: { symbol: '牛来', side: 'short' }, value: 0 },
  { labels: { symbol: 'quote " backslash \\ line \n end', side: '' }, value: 1e21 },
];

async function textOf(registry: Registry): Promise<string> {
  return (await Promise.all(registryWriters(registry).map(async (write) => (await write()).join('')))).join('\n');
}

t.test('the text written here is the one prom-client writes', async (t) => {
  const registry = new Registry();
  const labelNames = ['symbol', 'side'] as const;
  registerGauge(registry, { name: 'some_gauge', help: 'A \\ and a \n line.', labelNames, read: () => SAMPLES });
  registerCounter(registry, { name: 'some_total', help: 'Counted.', labelNames, read: () => SAMPLES });
  registerGauge(registry, { name: 'bare', help: 'No label.', labelNames: [], read: () => [{ labels: {}, value: 7 }] });
  registerGauge(registry, { name: 'empty', help: 'No series.', labelNames, read: () => [] });
  t.equal(await textOf(registry), await registry.metrics());
});

t.test('a figure that is no finite number is spelled as the text format spells it', async (t) => {
  const registry = new Registry();
  const figures = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324];
  const read = () => figures.map((value, index) => ({ labels: { place: String(index) }, value }));
  registerGauge(registry, { name: 'some_gauge', help: 'Help.', labelNames: ['place'], read });
  t.equal(await textOf(registry), await registry.metrics());
  figures.splice(0, figures.length, Number.NaN);
  t.match(await textOf(registry), 'some_gauge{place="0"} NaN\n', 'prom-client writes Nan, which is no spelling of it');
});

t.test('families that share their labels are written together, each without the series it does not have', async (t) => {
  const registry = new Registry();
  registerFamilies<'symbol', { readonly events: number; readonly largest?: number }>(registry, {
    type: 'gauge',
    labelNames: ['symbol'],
    read: () => [
      { labels: { symbol: 'BTC' }, value: { events: 2, largest: 7 } },
      { labels: { symbol: 'ETH' }, value: { events: 0 } },
    ],
    families: [
      { name: 'events', help: 'Events.', figure: ({ events }) => events },
      { name: 'largest', help: 'Largest.', figure: ({ largest }) => largest },
    ],
  });
  const text = await textOf(registry);
  t.equal(registryWriters(registry).length, 1);
  t.match(text, 'events{symbol="ETH"} 0');
  t.notMatch(text, 'largest{symbol="ETH"}');
  t.equal(text, await registry.metrics());
});

t.test('a series is gone from the registry when its source no longer gives it', async (t) => {
  const registry = new Registry();
  let samples = SAMPLES;
  registerGauge(registry, { name: 'some_gauge', help: 'Help.', labelNames: ['symbol', 'side'], read: () => samples });
  t.match(await registry.metrics(), /BTC/);
  samples = SAMPLES.slice(1);
  t.notMatch(await registry.metrics(), /BTC/);
});
