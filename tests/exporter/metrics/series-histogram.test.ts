import { Histogram, Registry } from 'prom-client';
import t from 'tap';
import { SeriesHistogram } from '../../../exporter/metrics/series-histogram.ts';

const CONFIGURATION = {
  name: 'some_seconds',
  help: 'A \\ and a \n line.',
  labelNames: ['exchange', 'side'] as const,
  buckets: [0.5, 1, 2.5],
};
/** Below, on and above each bound. */
const OBSERVED = [0, 0.4999, 0.5, 0.5001, 1, 1.1, 2.5, 2.500_01, 1e9];
const LABELS = [
  { exchange: 'okx', side: 'long' },
  { exchange: 'quote "', side: 'short' },
] as const;

t.test('shows what prom-client would show of the same observations', async (t) => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const histogram = new SeriesHistogram({ ...CONFIGURATION, registers: [ours] });
  const reference = new Histogram({ ...CONFIGURATION, registers: [theirs] });
  for (const labels of LABELS) {
    const series = histogram.series(labels);
    reference.zero(labels);
    for (const value of OBSERVED) {
      series.observe(value);
      reference.observe(labels, value);
    }
  }
  t.equal(await ours.metrics(), await theirs.metrics());
  t.match(
    (await histogram.get()).values,
    (await reference.get()).values.map(({ value, labels }) => ({ value, labels })),
  );
});

t.test('a series that nobody observed is there at 0', async (t) => {
  const registry = new Registry();
  new SeriesHistogram({ ...CONFIGURATION, registers: [registry] }).series(LABELS[0]);
  t.match(await registry.metrics(), /some_seconds_bucket\{le="\+Inf",exchange="okx",side="long"\} 0/);
});
