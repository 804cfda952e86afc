import t from 'tap';
import { countSeries, histogramQuantile, sumOf } from '../../../bench/rig/exposition.ts';

const lag = (small: number, large: number, all: number) => `# HELP lag how late
lag_bucket{le="0.05",exchange="okx"} ${small}
lag_bucket{le="0.1",exchange="okx"} ${large}
lag_bucket{le="+Inf",exchange="okx"} ${all}
lag_sum{exchange="okx"} 1
lag_count{exchange="okx"} ${all}
`;

t.test('series of one name are added, with the labels asked for', async (t) => {
  const text = 'a{x="1"} 2\na{x="2"} 3\nab{x="1"} 100\nc 4\n';
  t.equal(sumOf(text, 'a'), 5);
  t.equal(sumOf(text, 'a', ['x="2"']), 3);
  t.equal(sumOf(text, 'c'), 4);
  t.equal(countSeries(`# HELP a\n${text}\n`), 4);
});

t.test('a quantile of what came between two scrapes is interpolated within its bucket', async (t) => {
  const before = lag(100, 100, 100);
  t.equal(histogramQuantile('lag', 0.5, before, lag(200, 200, 200)), 0.025);
  t.equal(histogramQuantile('lag', 0.99, before, lag(100, 200, 200))?.toFixed(4), '0.0995');
  t.equal(histogramQuantile('lag', 0.99, before, lag(100, 100, 200)), 0.1, 'beyond the largest bound');
  t.equal(histogramQuantile('lag', 0.99, before, before), undefined, 'nothing came');
});
