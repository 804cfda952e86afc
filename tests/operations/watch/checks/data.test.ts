// Real files, really damaged.
import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { backUpDatabase } from '../../../../operations/points/sqlite-backup.ts';
import { watchData } from '../../../../operations/watch/checks/data.ts';

function openDatabase(t: Test) {
  const path = join(t.testdir(), 'outbox.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE deliveries (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX texts ON deliveries (text)');
  const insert = database.prepare('INSERT INTO deliveries (text) VALUES (?)');
  for (let row = 0; row < 2_000; row += 1) insert.run(`message ${row} ${'x'.repeat(50)}`);
  database.close();
  const check = watchData({
    mode: 'native',
    copyDatabase: async (target) => existsSync(path) && (await backUpDatabase(path, target)),
  });
  return { path, check };
}

t.test('a sound database, or none, is no fault', async (t) => {
  const { check } = openDatabase(t);
  t.same(await check.look(), []);
  t.same(await watchData({ mode: 'docker', copyDatabase: async () => false }).look(), []);
});

t.test('a damaged page is found, and the copy of it is not left behind', async (t) => {
  const { path, check } = openDatabase(t);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(8_192, 0xa5), 0, 8_192, Math.floor(statSync(path).size / 8_192) * 4_096);
  closeSync(file);
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('derivatives-alerts-integrity-')).length;
  t.match(await check.look(), [{ trigger: 'corruption', what: /the outbox of the bridge is damaged: / }]);
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('derivatives-alerts-integrity-')).length;
  t.ok(after <= before);
});

t.test('a file that is no database any more is found', async (t) => {
  const { path, check } = openDatabase(t);
  writeFileSync(path, 'this was an outbox once, before the disk broke. '.repeat(200));
  t.match(await check.look(), [{ trigger: 'corruption', what: /not a database/ }]);
});

t.test('a copy that could not be made says nothing of the data', async (t) => {
  const copyDatabase = async () => {
    throw new Error('no space left on device');
  };
  t.same(await watchData({ mode: 'native', copyDatabase }).look(), []);
});
