import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FIGURES, isFigureName, meetsTarget } from '../../bench/figures.ts';
import { choosePrograms, PLAN } from '../../bench/plan.ts';
import { readResults, resultOf, writeResults } from '../../bench/results.ts';

t.test('a result is the median of its runs, with unit and target', async (t) => {
  t.match(resultOf('ingest_vs_json_parse_ratio', { runs: [0.9, 0.5, 0.7] }), {
    name: 'ingest_vs_json_parse_ratio',
    value: 0.7,
    unit: 'ratio',
    target: 0.7,
    runs: [0.9, 0.5, 0.7],
  });
});

t.test('what could not be measured has no value and a reason', async (t) => {
  t.match(resultOf('startup_ms', { runs: [], reason: 'no engine' }), {
    value: null,
    target: null,
    reason: 'no engine',
  });
  t.match(resultOf('startup_ms', { runs: [] }), { value: null, reason: 'not measured' });
});

t.test('results survive being written and read', async (t) => {
  const path = join(t.testdir(), 'bench', 'results.json');
  const results = [resultOf('startup_ms', { runs: [1, 2] }), resultOf('stack_rss_mb', { runs: [], reason: 'no' })];
  writeResults(path, results);
  t.same(readResults(path), results);
});

t.test('a file that is none of ours is refused with its name', async (t) => {
  const folder = t.testdir();
  for (const [name, text] of [
    ['object.json', '{}'],
    ['broken.json', '[{'],
    ['other.json', '[{"name":"x"}]'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    t.throws(() => readResults(join(folder, name)), { code: 'BENCH_RESULTS_INVALID', message: new RegExp(name) });
  }
  t.throws(() => readResults(join(folder, 'absent.json')), { code: 'BENCH_RESULTS_INVALID' });
});

t.test('a target is met from the right side', async (t) => {
  t.equal(meetsTarget({ unit: 'ms', target: 10, better: 'lower' }, 10), true);
  t.equal(meetsTarget({ unit: 'ms', target: 10, better: 'lower' }, 10.1), false);
  t.equal(meetsTarget({ unit: 'ratio', target: 0.7, better: 'higher' }, 0.69), false);
  t.equal(meetsTarget({ unit: 'ms', better: 'lower' }, 1), undefined);
});

t.test('every figure is measured by exactly one program', async (t) => {
  const planned = PLAN.flatMap(({ figures }) => figures);
  t.same(planned.toSorted(), Object.keys(FIGURES).toSorted());
  t.equal(isFigureName('toString'), false);
});

t.test('a figure or a program chooses the program; other names are told', async (t) => {
  const chosen = choosePrograms(['storm_bridge_pss_mb', 'latency', 'nonsense']);
  t.same(
    chosen.programs.map(({ program }) => program),
    ['latency', 'storm'],
  );
  t.same(chosen.unknown, ['nonsense']);
  t.equal(choosePrograms([]).programs.length, PLAN.length);
});
