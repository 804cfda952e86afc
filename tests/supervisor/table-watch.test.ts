import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { watchTable } from '../../supervisor/table-watch.ts';
import { waitUntil } from '../support/waiting.ts';

function open(t: Test, failure?: string | Error) {
  const path = join(t.testdir({ 'thresholds.yml': 'BTC: 1 # first\n' }), 'thresholds.yml');
  const lines: string[] = [];
  const stopping = new AbortController();
  let reloads = 0;
  const watching = watchTable({
    path,
    async reload() {
      reloads += 1;
      if (failure instanceof Error) throw failure;
      return failure;
    },
    say: (line) => lines.push(line),
    signal: stopping.signal,
    intervalMs: 5,
  });
  t.teardown(async () => {
    stopping.abort();
    await watching;
  });
  return { path, lines, reloads: () => reloads };
}

t.test('takes an edit over and says so, each once', async (t) => {
  const { path, lines, reloads } = open(t);

  writeFileSync(path, 'BTC: 2\n');
  await waitUntil('the edit is taken over', () => reloads() === 1);
  writeFileSync(path, 'BTC: 3\n');
  await waitUntil('the next one too', () => reloads() === 2);

  t.same(lines, [`${path} was edited:`, `${path} was edited:`]);
});

t.test('a comment is no edit, the number after it is', async (t) => {
  const { path, lines, reloads } = open(t);

  writeFileSync(path, '# mine\nBTC: 1 # second\n');
  writeFileSync(path, '# mine\nBTC: 2 # second\n');
  await waitUntil('the number is taken over', () => reloads() > 0);

  t.equal(lines.length, 1);
});

t.test('says what is wrong with an edit, and goes on watching', async (t) => {
  const { path, lines, reloads } = open(t, 'not reloaded, what ran before goes on:\nthresholds.yml:1: BTC');

  writeFileSync(path, 'BTC: -2\n');
  await waitUntil('the fault is told', () => lines.length === 2);
  t.match(lines[1], /^✗ thresholds: not reloaded, what ran before goes on:\nthresholds\.yml:1: BTC/);

  rmSync(path);
  await waitUntil('a table that is gone is one too', () => reloads() === 2);
});

t.test('survives a reload that fails', async (t) => {
  const { path, lines } = open(t, new Error('no promtool'));

  writeFileSync(path, 'BTC: 2\n');
  await waitUntil('the failure is told', () => lines.length === 2);

  t.equal(lines[1], '✗ thresholds: no promtool');
});
