import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { isAlive, readRunState, waitForLeftovers, writeRunState } from '../../engines/run-state.ts';

const state = async (pids: { readonly exporter?: number }) => ({
  pids,
  addresses: await freeAddresses(),
  environmentLabel: 'production',
  webhookTokenFile: '/some/file',
});

t.test('reads what it wrote', async (t) => {
  const dataDir = t.testdir({ run: {} });
  const written = await state({ exporter: 7 });

  writeRunState({ dataDir }, written);

  t.same(readRunState(dataDir), written);
});

for (const { title, run } of [
  { title: 'nothing has run', run: {} },
  { title: 'the file is cut off', run: { 'state.json': '{"pids":' } },
  { title: 'the file holds something else', run: { 'state.json': '{"pids":{"exporter":"no"}}' } },
]) {
  t.test(`knows of no state where ${title}`, async (t) => {
    t.equal(readRunState(t.testdir({ run })), undefined);
  });
}

t.test('waits for a program of the last run to end', async (t) => {
  const dataDir = t.testdir({ run: {} });
  const child = spawn('/bin/sh', ['-c', 'read -r line'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  writeRunState({ dataDir }, await state({ exporter: child.pid ?? 0 }));
  const said: string[] = [];

  const waiting = waitForLeftovers(dataDir, (line) => {
    said.push(line);
    child.stdin.end();
  });
  await waiting;

  t.match(said, [/waiting for exporter of the last run/]);
  t.notOk(isAlive(child.pid));
});

t.test('waits no longer than its limit', async (t) => {
  const dataDir = t.testdir({ run: {} });
  writeRunState({ dataDir }, await state({ exporter: process.pid }));

  await waitForLeftovers(dataDir, () => undefined, 100);

  t.ok(isAlive(process.pid));
  t.notOk(isAlive(undefined));
});

t.test('starts at once after a clean stop', async (t) => {
  const dataDir = t.testdir({ run: {} });
  writeRunState({ dataDir }, await state({}));

  await t.resolves(waitForLeftovers(dataDir, () => t.fail('nothing to wait for')));
});
