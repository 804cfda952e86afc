// `npm test -- FILE`: what one file says is what counts, and a file that says nothing has failed.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import t from 'tap';
import { judgeFile } from './file-step.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const PATH = 'tests/a.test.ts';

t.test('counts the tests of the file', async (t) => {
  t.same(judgeFile(PATH, 'ok 1 - a\nok 2 - b\n1..2\n', 0, []), { passed: 2, failed: 0 });
});

t.test('keeps what failed, line by line', async (t) => {
  const failures = ['✗ b', '    not ok 1 - adds up'];

  t.same(judgeFile(PATH, 'ok 1 - a\nnot ok 2 - b\n1..2\n', 1, failures), { passed: 1, failed: 1, failures });
});

t.test('a file that ends badly has failed, although no test did', async (t) => {
  t.match(judgeFile(PATH, 'ok 1 - a\n1..1\n', 1, []), { passed: 1, failed: 1, failures: [/ended with 1/] });
});

t.test('a file in which no test ran has failed, and says why', async (t) => {
  t.match(judgeFile(PATH, '1..0 # no browser here\n', 0, []), {
    failed: 1,
    failures: [/no test ran .*: no browser here/],
  });
  t.match(judgeFile(PATH, 'ok 1 - a # SKIP no data\n1..1\n', 0, []), { failed: 1, failures: [/no data/] });
  t.match(judgeFile(PATH, '', 0, []), { failed: 1 });
});

t.test('npm test runs one file, lists the steps, and refuses what it does not know', async (t) => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(CHECKOUT, 'tests', 'runner', 'run.ts'), ...args], { encoding: 'utf8' });

  const file = run('tests/common/backoff.test.ts');
  t.equal(file.status, 0);
  t.match(file.stdout, /✓ .+[\s\S]+\n[1-9]\d* passed, 0 failed\n$/);
  const list = run('--list');
  t.equal(list.status, 0);
  t.match(list.stdout, /^engines +2 s +Prometheus/);
  t.notMatch(list.stdout, /passed/);
  const unknown = run('lynt');
  t.equal(unknown.status, 2);
  t.match(unknown.stderr, /no step lynt: steps are engines, browser/);
  t.notMatch(unknown.stdout, /passed/);
});
