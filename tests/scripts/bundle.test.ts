import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { SQLITE_MIGRATIONS } from '../../alert-bridge/outbox/databases/migrations.ts';
import { BUNDLES, bundlePath, bundleServices, isStale } from '../../scripts/bundle.ts';
import { waitUntil } from '../support/waiting.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

/** A checkout of two tiny services, the second of which reads a file of SQL and uses a CommonJS package that asks for a module of Node. */
function project(t: Test): string {
  const root = t.testdir({
    common: { 'word.ts': "export const word: string = 'said';" },
    exporter: { 'main.ts': "import { word } from '../common/word.ts';\nexport const said = word;" },
    'alert-bridge': {
      'main.ts':
        "import path from './old.cjs';\nimport { schema } from './migrations.ts';\nexport const parts = [path.sep, schema];",
      'old.cjs': "module.exports = require('node:path');",
      'migrations.ts':
        "import { readFileSync } from 'node:fs';\nconst file = new URL('one.sql', import.meta.url);\nexport const schema: string = readFileSync(file, 'utf8');",
      'one.sql': 'CREATE TABLE t (id);',
    },
    engines: { rules: { 'render-main.ts': 'export {};' } },
    scripts: {},
    'package-lock.json': '{}',
  });
  symlinkSync(join(CHECKOUT, 'node_modules'), join(root, 'node_modules'));
  cpSync(join(CHECKOUT, 'scripts', 'bundle.ts'), join(root, 'scripts', 'bundle.ts'));
  return root;
}

t.test('makes one file of each service that runs by itself', async (t) => {
  const root = project(t);

  await bundleServices(root);

  const exporter = await import(bundlePath(root, 'exporter'));
  const bridge = await import(bundlePath(root, 'alert-bridge'));
  t.equal(exporter.said, 'said');
  t.same(bridge.parts, ['/', 'CREATE TABLE t (id);']);
});

t.test(
  'bundles are plain ASCII, because of any other character V8 keeps the whole text at twice its size',
  async (t) => {
    await bundleServices(CHECKOUT);

    for (const { name } of BUNDLES) {
      const beyond = /.{0,40}[^\0-\x7f].{0,40}/u.exec(readFileSync(bundlePath(CHECKOUT, name), 'utf8'));
      t.equal(beyond?.[0], undefined, `${name}: write it as an escape where it is in a regular expression`);
    }
  },
);

t.test('the bridge makes its outbox where there is nothing but its one file', { timeout: 60_000 }, async (t) => {
  await bundleServices(CHECKOUT);
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(bundlePath(CHECKOUT, 'alert-bridge'), join(folder, 'alert-bridge.mjs'));
  const bridge = spawn(process.execPath, ['alert-bridge.mjs'], {
    cwd: folder,
    env: { DATA_DIR: folder, BRIDGE_PORT: '0', BRIDGE_WEBHOOK_TOKEN: 'test-webhook-token' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => bridge.kill('SIGKILL'));
  let said = '';
  bridge.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await waitUntil('it is up', () => said.includes('alert bridge is up'), 25_000);
  bridge.kill('SIGTERM');
  await once(bridge, 'close');

  const outbox = new DatabaseSync(join(folder, 'bridge', 'outbox.sqlite'), { readOnly: true });
  t.equal(outbox.prepare('PRAGMA user_version').get()?.user_version, SQLITE_MIGRATIONS.length);
  t.equal(outbox.prepare('SELECT COUNT(*) AS count FROM votes').get()?.count, 0);
  outbox.close();
});

const CHILDREN = `/proc/self/task/${process.pid}/children`;

t.test('leaves no process behind', { skip: !existsSync(CHILDREN) && 'this system does not list them' }, async (t) => {
  const root = project(t);

  await bundleServices(root);

  await waitUntil('the bundler has ended', () => readFileSync(CHILDREN, 'utf8').trim() === '');
});

t.test('knows a bundle that is missing, fresh, or older than a source', async (t) => {
  const root = project(t);
  t.ok(isStale(root), 'missing');

  await bundleServices(root);
  t.notOk(isStale(root), 'fresh');

  const later = Date.now() / 1_000 + 60;
  utimesSync(join(root, 'common', 'word.ts'), later, later);
  t.ok(isStale(root), 'older');
});

t.test('fails on a source that cannot be bundled', async (t) => {
  await t.rejects(bundleServices(t.testdir()), /Build failed/);
});
