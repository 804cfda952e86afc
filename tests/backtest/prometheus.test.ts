import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startBacktestEngine } from '../../backtest/prometheus.ts';
import { encodeLabels, encodeWriteRequest } from '../../backtest/remote-write.ts';
import { SampleBatch, SeriesWriter } from '../../backtest/series-writer.ts';
import { startTestEngine } from './engine-under-test.ts';

/** 2021-01-01, a multiple of every step. */
const T = 1_609_459_200_000;

t.test('the engine reads every number back as it was written, and a series that ended as gone', async (t) => {
  const engine = await startTestEngine(t);
  const values = [1, 0.1, -1e300, 5e-324, 0, Number.POSITIVE_INFINITY, Number.NaN, undefined];
  const times = values.map((_, index) => T + index * 1_000);
  const labels = encodeLabels({ __name__: 'sample', symbol: '牛"\\', A: 'upper' });

  await engine.write(encodeWriteRequest([{ labels, times, values }]));

  const [series, ...others] = await engine.queryRange('sample', T, T + 20_000, 1);
  t.strictSame(others, []);
  t.strictSame(series?.labels, { __name__: 'sample', symbol: '牛"\\', A: 'upper' });
  t.strictSame(series?.times, times.slice(0, -1));
  t.ok(values.slice(0, -1).every((value, index) => Object.is(value, series?.values[index])));
  t.strictSame(await engine.query('sample', T + 7_000), []);
});

t.test('asks for more points than the engine answers at once', async (t) => {
  const engine = await startTestEngine(t);

  const chunks = await engine.queryRange('vector(1)', T, T + 25_000_000, 1);

  const times = chunks.flatMap((chunk) => chunk.times);
  t.equal(times.length, 25_001);
  t.equal(new Set(times).size, 25_001);
  t.equal(times.at(-1), T + 25_000_000);
});

t.test('takes samples of years ago after those of today', async (t) => {
  const engine = await startTestEngine(t);
  const late = { labels: encodeLabels({ __name__: 'late' }), times: [Date.UTC(2026, 0)], values: [1] };
  const early = { labels: encodeLabels({ __name__: 'early' }), times: [Date.UTC(2015, 0)], values: [2] };

  await engine.write(encodeWriteRequest([late]));
  await engine.write(encodeWriteRequest([early]));

  t.match(await engine.query('early', Date.UTC(2015, 0)), [{ value: 2 }]);
});

t.test("passes the engine's own words on when it refuses", async (t) => {
  const engine = await startTestEngine(t);

  await t.rejects(engine.query('sum(', T), { code: 'BACKTEST_ENGINE_FAILED', message: /parse error/ });
  await t.rejects(engine.write(Buffer.from('no snappy')), { code: 'BACKTEST_ENGINE_FAILED', message: /refused/ });
  t.match(await engine.query('scalar(vector(3))', T), [{ labels: {}, value: 3 }]);
  await engine.stop();
  await t.rejects(engine.query('1', T), { code: 'BACKTEST_ENGINE_FAILED', message: /did not answer/ });
});

t.test('says what a program that does not start said last', async (t) => {
  const program = join(t.testdir({ broken: '#!/bin/sh\necho "no such luck" >&2\nexit 1\n' }), 'broken');
  chmodSync(program, 0o755);

  await t.rejects(startBacktestEngine(program), { code: 'BACKTEST_ENGINE_FAILED', message: /no such luck/ });
});

t.test('what is written only on change reads like a sample every second', async (t) => {
  const engine = await startTestEngine(t);
  const batch = new SampleBatch((body) => engine.write(body));
  const writer = new SeriesWriter(batch, new Set(['dense']));
  const sparse = writer.series('sparse', { symbol: 'BTC' });
  const dense = writer.series('dense', { symbol: 'BTC' });
  // There for 400 s, gone for 100 s, there again.
  const isThere = (second: number) => second < 400 || second >= 500;
  for (let second = 0; second < 600; second++) {
    writer.begin(T + second * 1_000);
    if (isThere(second)) for (const handle of [sparse, dense]) writer.set(handle, 7);
    writer.end();
  }
  t.notOk(writer.isEmpty);

  await batch.flush();

  const expected = Array.from({ length: 600 }, (_, second) => second).filter(isThere);
  for (const name of ['sparse', 'dense']) {
    const [series] = await engine.queryRange(name, T, T + 599_000, 1);
    t.strictSame(
      series?.times.map((time) => (time - T) / 1_000),
      expected,
      name,
    );
  }
  t.match(await engine.query('count_over_time(dense[10m])', T + 599_000), [{ value: 500 }]);
  t.equal(batch.total, 500 + 1 + 4);
});
