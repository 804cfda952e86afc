import { cpSync, existsSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { BUNDLES, bundlePath, bundleServices, isStale } from '../../scripts/bundle.ts';
import { waitUntil } from '../support/waiting.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

/** A checkout of two tiny services, the second of which uses a CommonJS package that asks for a module of Node. */
function project(t: Test): string {
  const root = t.testdir({
    common: { 'word.ts': "export const word: string = 'said';" },
    exporter: { 'main.ts': "import { word } from '../common/word.ts';\nexport const said = word;" },
    'alert-bridge': {
      'main.ts':
        "import path from './old.cjs';\nimport schema from './schema.sql';\nexport const parts = [path.sep, schema];",
      'old.cjs': "module.exports = require('node:path');",
      'schema.sql': 'CREATE TABLE t (id);',
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
