// A roll-back of the program on data of its successor: there, back, and there again, with a made-up migration that only adds.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { SCHEMA, type Schema } from '../../../../../alert-bridge/outbox/databases/sqlite/migrate.ts';
import { openSqliteStore } from '../../../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { cascade } from '../../../support/alerts.ts';
import { START_MS } from '../../../support/clocks.ts';
import { MARKET, rules, STACK } from '../store-contract.ts';

const ADDING = `
  ALTER TABLE deliveries ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';
  CREATE TABLE chart_files (delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE, path TEXT NOT NULL) STRICT;
  CREATE INDEX deliveries_mood ON deliveries (mood);`;
const NEXT: Schema = { migrations: [...SCHEMA.migrations, ADDING], compatibleFrom: SCHEMA.compatibleFrom };
const present = SCHEMA.migrations.length;

const pathIn = (t: Test) => join(t.testdir(), 'bridge', 'outbox.sqlite');

/** What the bridge of this version does with a file: takes an alert and enqueues its message. */
async function work(path: string, symbol: string, afterMs: number): Promise<number> {
  const now = epochMs(START_MS + afterMs);
  const store = await openSqliteStore({ path, rules: rules(), chats: [MARKET, STACK], now });
  const { fresh } = await store.accept([cascade({ labels: { symbol } })], { now, wallNow: now });
  await store.close();
  return fresh;
}

/** Reads as another program would, with the bridge's file closed. */
function look(path: string, sql: string): unknown {
  const reader = new DatabaseSync(path, { readOnly: true });
  try {
    return Object.values(reader.prepare(sql).get() ?? {})[0];
  } finally {
    reader.close();
  }
}

function write(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

t.test('this version works on the file of the next one, and the next one finds its own again', async (t) => {
  const path = pathIn(t);
  t.equal(await work(path, 'BTC', 0), 1);

  await openConnection(path, NEXT).close();
  write(path, `UPDATE deliveries SET mood = 'nervous'; INSERT INTO chart_files SELECT id, 'btc.png' FROM deliveries`);
  const written = look(path, 'SELECT COUNT(*) FROM deliveries');

  t.equal(await work(path, 'ETH', 60_000), 1, 'it takes alerts');
  t.equal(look(path, 'PRAGMA user_version'), present + 1, 'and leaves the number of the schema');
  t.ok(Number(look(path, 'SELECT COUNT(*) FROM deliveries')) > Number(written));
  t.equal(look(path, `SELECT COUNT(*) FROM deliveries WHERE mood = 'nervous'`), written, 'what was written is there');
  t.equal(look(path, 'SELECT path FROM chart_files'), 'btc.png');

  await t.resolves(openConnection(path, NEXT).close(), 'nothing is added twice');
  t.equal(look(path, `SELECT mood FROM deliveries ORDER BY id DESC`), 'calm', 'what came meanwhile has the default');
  t.equal(look(path, 'PRAGMA integrity_check'), 'ok');
});

t.test('a file that a later version changed beyond adding is refused, and left as it is', async (t) => {
  const path = pathIn(t);
  const breaking = { migrations: [...SCHEMA.migrations, 'DROP TABLE votes'], compatibleFrom: present + 1 };
  await openConnection(path, breaking).close();
  t.throws(() => openConnection(path), {
    code: 'OUTBOX_TOO_NEW',
    message: new RegExp(`schema ${present + 1}, which needs a version that knows schema ${present + 1}; this one`),
  });
  t.equal(look(path, 'PRAGMA user_version'), present + 1);
});

t.test('a later file that says nothing of compatibility is refused', async (t) => {
  const path = pathIn(t);
  await openConnection(path).close();
  write(path, `PRAGMA user_version = ${present + 1}; DROP TABLE schema_compatibility`);
  t.throws(() => openConnection(path), { code: 'OUTBOX_TOO_NEW' });
});

t.test('a file from before compatibility was recorded gets it at the next start', async (t) => {
  const path = pathIn(t);
  await openConnection(path).close();
  write(path, 'DROP TABLE schema_compatibility');
  await openConnection(path).close();
  t.equal(look(path, 'SELECT compatible_from FROM schema_compatibility'), SCHEMA.compatibleFrom);
});

t.test('migrations after the compatible one only add', (t) => {
  for (const migration of SCHEMA.migrations.slice(SCHEMA.compatibleFrom)) {
    t.notMatch(migration, /\b(DROP|RENAME|UPDATE|DELETE FROM|REPLACE)\b/i, 'else raise compatibleFrom');
    for (const [column] of migration.matchAll(/ADD COLUMN [^;]+/g)) {
      t.notMatch(column, /NOT NULL(?!.*DEFAULT)/, 'the version before writes rows without it');
    }
  }
  t.end();
});
