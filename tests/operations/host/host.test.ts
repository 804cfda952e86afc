import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { compareSnapshots, describeComparison } from '../../../operations/host/compare-snapshots.ts';
import { listListeners, parseListeners } from '../../../operations/host/listeners.ts';
import { listProcesses } from '../../../operations/host/processes.ts';
import type { Snapshot } from '../../../operations/host/snapshot.ts';
import { takeSnapshot } from '../../../operations/host/snapshot.ts';
import { dropSnapshot, keepSnapshot, readSnapshot } from '../../../operations/host/snapshot-file.ts';

const EMPTY: Snapshot = { processes: [], ports: [], containers: [], networks: [], volumes: [], files: [] };
const OWN = { project: 'derivatives-alerts', ports: [8002] };

t.test('what a deployment left is told from what others did', async (t) => {
  const after: Snapshot = {
    processes: ['node start.ts'],
    ports: ['127.0.0.1:8002', '127.0.0.1:5432'],
    containers: ['derivatives-alerts-exporter-1', 'market-data'],
    networks: ['derivatives-alerts_monitoring'],
    volumes: ['other_data'],
    files: [],
  };
  const comparison = compareSnapshots({ ...EMPTY, files: ['.env 12 1'] }, after, OWN);
  t.same(
    comparison.ours.map(({ what, change }) => `${what} ${change}`),
    [
      'node start.ts appeared',
      '127.0.0.1:8002 appeared',
      'derivatives-alerts-exporter-1 appeared',
      'derivatives-alerts_monitoring appeared',
      '.env 12 1 vanished',
    ],
  );
  t.same(
    comparison.others.map(({ what }) => what),
    ['127.0.0.1:5432', 'market-data', 'other_data'],
  );
  t.match(describeComparison(comparison), /✗ the host is not as it was[\s\S]+changed meanwhile, and not by this stack/);
  t.match(describeComparison(compareSnapshots(after, after, OWN)), /^✓ [^\n]+$/);
});

t.test('a file that somebody edited is told, and is no trace of ours; one that was left is', async (t) => {
  const before = { ...EMPTY, files: ['prometheus/rules/a.yml 3 aa'] };
  const { ours, others } = compareSnapshots(
    before,
    { ...EMPTY, files: ['prometheus/rules/a.yml 4 bb', 'left.tmp 1 cc'] },
    OWN,
  );
  t.same(
    ours.map(({ what }) => what),
    ['left.tmp 1 cc'],
  );
  t.equal(others.length, 2);
});

t.test('listening ports are read from the kernel’s table', async (t) => {
  const table = `  sl  local_address rem_address   st tx_queue
   0: 0100007F:1F42 00000000:0000 0A 00000000
   1: 0100007F:1F43 0100007F:A001 01 00000000
   2: 00000000000000000000000001000000:0BB8 0 0A x`;
  t.same(parseListeners(table), ['127.0.0.1:8002', '[00000000000000000000000001000000]:3000']);
  t.same(listListeners(['/nowhere']), []);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  t.ok(listListeners().includes(`127.0.0.1:${port}`), 'a real one');
});

t.test('a program on our data is ours, and one on other data is not', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const child = spawn('sh', ['-c', `sleep 60 # ${dataDir}/prometheus`], { stdio: 'ignore' });
  t.teardown(() => child.kill());
  t.match(listProcesses('/nowhere', dataDir), [/sleep 60/]);
  t.same(listProcesses('/nowhere', `${dataDir}-other`), []);
});

t.test('a supervisor on our data is ours, that of the version before too', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  for (const program of ['supervisor/main.ts', 'scripts/native/start.ts']) {
    const child = spawn('sh', ['-c', `sleep 60 # /checkout/${program}`], {
      stdio: 'ignore',
      env: { ...process.env, DATA_DIR: dataDir },
    });
    t.teardown(() => child.kill());
    t.match(listProcesses('/checkout', dataDir), [program], program);
    t.same(listProcesses('/other', dataDir), [], 'of another checkout');
    child.kill();
    await once(child, 'exit');
  }
});

t.test('a snapshot is kept until it is compared with, and a broken one is none', async (t) => {
  const checkout = t.testdir({ '.env': 'A=1', prometheus: { rules: { 'a.yml': 'x' } } });
  const snapshot = await takeSnapshot({ checkout, environment: {}, say: () => undefined }, join(checkout, 'data'));
  t.match(snapshot.files, [/^\.env 3 \d+$/, /^prometheus\/rules\/a\.yml 1 [0-9a-f]{16}$/]);
  keepSnapshot(checkout, snapshot);
  t.same(readSnapshot(checkout), snapshot);
  writeFileSync(join(checkout, 'operations', 'host-before.json'), '{"ports":1}');
  t.equal(readSnapshot(checkout), undefined);
  dropSnapshot(checkout);
  t.equal(readSnapshot(checkout), undefined);
});
