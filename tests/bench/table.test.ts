import t from 'tap';
import { resultOf } from '../../bench/results.ts';
import { describeChanges, describeResults, formatNumber } from '../../bench/table.ts';

t.test('numbers keep four digits', async (t) => {
  for (const [value, text] of [
    [123_456.7, '123,457'],
    [0.123_456, '0.1235'],
    [99.999_9, '100'],
    [0, '0'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ] as const) {
    t.equal(formatNumber(value), text);
  }
});

t.test('a table says which targets are met, which are missed, and what was not measured', async (t) => {
  const table = describeResults([
    resultOf('scrape_alerting_p99_ms', { runs: [9] }),
    resultOf('ingest_vs_json_parse_ratio', { runs: [0.4, 0.5, 0.6], note: 'recorded messages' }),
    resultOf('startup_ms', { runs: [1_000] }),
    resultOf('ingest_vs_peer_ratio', { runs: [], reason: 'no registry' }),
  ]);
  t.match(table, /scrape_alerting_p99_ms +9 +≤ 10 +ms +met/);
  t.match(table, /ingest_vs_json_parse_ratio +0\.5 +≥ 0\.7 +ratio +0\.4 – 0\.6 +MISSED · recorded messages/);
  t.match(table, /startup_ms +1,000 +ms$/m);
  t.match(table, /ingest_vs_peer_ratio +– +≥ 1 +ratio +not measured: no registry/);
});

t.test('changes are shown with their share', async (t) => {
  const table = describeChanges([
    { name: 'a', before: 100, after: 150, verdict: 'worse' },
    { name: 'b', before: undefined, after: 1, verdict: 'new' },
  ]);
  t.match(table, /a +100 +150 +\+50 % +worse/);
  t.match(table, /b +– +1 +new/);
});
