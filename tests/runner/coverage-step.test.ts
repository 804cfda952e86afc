import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { describeRooms, gatherCoverage, isTypesOnly, judgeRooms } from './coverage-step.ts';

const share = (total: number, covered: number) => ({ total, covered });

t.test('every room is judged, and all of them together', async (t) => {
  const summary = {
    total: { lines: share(0, 0), branches: share(0, 0) },
    '/x/common/a.ts': { lines: share(90, 90), branches: share(10, 9) },
    '/x/common/b.ts': { lines: share(10, 0), branches: share(10, 9) },
    '/x/engines/c.ts': { lines: share(100, 100), branches: share(20, 10) },
  };

  const rooms = judgeRooms(summary, '/x', ['common', 'engines', 'backtest']);

  t.same(rooms, [
    { room: 'common', linePercent: 90, branchPercent: 90 },
    { room: 'engines', linePercent: 100, branchPercent: 50 },
    { room: 'backtest', linePercent: 0, branchPercent: 0 },
    { room: 'all', linePercent: 95, branchPercent: 70 },
  ]);
  const [, common, engines, backtest] = describeRooms(rooms).split('\n');
  t.notMatch(common, /TOO LOW/);
  t.match(engines, /engines +100\.0 % +50\.0 % {2}TOO LOW/);
  t.match(backtest, /TOO LOW/, 'a room of which nothing was counted is no success');
});

t.test('what ran in a clone counts for the checkout, and tests count for nothing', async (t) => {
  const checkout = t.testdir({ common: { 'a.ts': '' }, '.tap': { coverage: {} } });
  const record = (name: string, ...urls: readonly string[]) =>
    writeFileSync(
      join(checkout, '.tap', 'coverage', `${name}.json`),
      JSON.stringify({ result: urls.map((url) => ({ url, functions: [] })) }),
    );
  record('own', `file://${checkout}/common/a.ts`, 'node:fs', `file://${checkout}/tests/common/a.ts`);
  record('clone', 'file:///tmp/proof-x/clone/common/a.ts', 'file:///tmp/proof-x/clone/common/gone.ts');
  record('other', 'file:///tmp/elsewhere.ts');
  const target = join(checkout, 'gathered');
  mkdirSync(target);
  writeFileSync(join(target, 'stale.json'), '');

  t.equal(gatherCoverage(checkout, ['common'], target), 2);

  t.same(readdirSync(target).toSorted(), ['clone.json', 'own.json']);
  for (const name of readdirSync(target)) {
    const { result } = JSON.parse(readFileSync(join(target, name), 'utf8'));
    t.same(result, [{ url: `file://${checkout}/common/a.ts`, functions: [] }], name);
  }
});

t.test('nothing is gathered where no test ran', async (t) => {
  const checkout = t.testdir({});

  t.equal(gatherCoverage(checkout, ['common'], join(checkout, 'gathered')), 0);
});

t.test('a file of types alone is told from one with code', async (t) => {
  t.ok(
    isTypesOnly(
      "// Only types.\nimport type { A } from './a.ts';\nexport interface B extends A { readonly c: string }\n",
    ),
  );
  t.notOk(isTypesOnly('export interface A {}\nexport const B = 1;\n'));
});
