import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { SQLITE_MIGRATIONS } from '../../../../../alert-bridge/outbox/databases/migrations.ts';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { openSqliteStore } from '../../../../../alert-bridge/outbox/databases/sqlite/store.ts';
import type { OutboxRules } from '../../../../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { cascade } from '../../../support/alerts.ts';
import { START_MS } from '../../../support/clocks.ts';
import { MARKET, type OpenedStore, rules, STACK, testStoreContract } from '../store-contract.ts';

async function openAt(
  t: Test,
  path: string,
  storeRules: OutboxRules,
  afterMs: number,
): Promise<OpenedStore & { readonly close: () => Promise<void> }> {
  const store = await openSqliteStore({
    path,
    rules: storeRules,
    chats: [MARKET, STACK],
    now: epochMs(START_MS + afterMs),
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await store.close();
    isOpen = false;
  };
  t.teardown(close);
  return {
    store,
    close,
    async reopen(later) {
      await close();
      return openAt(t, path, storeRules, later);
    },
  };
}

t.test('the outbox on SQLite keeps the contract', (t) => {
  testStoreContract(t, async (t, storeRules) => openAt(t, join(t.testdir(), 'bridge', 'outbox.sqlite'), storeRules, 0));
  t.end();
});

t.test('a second process is refused, and may have it afterwards', async (t) => {
  const path = join(t.testdir(), 'outbox.sqlite');
  const { close } = await openAt(t, path, rules(), 0);
  await t.rejects(openAt(t, path, rules(), 0), { code: 'OUTBOX_LOCKED' });
  const reader = new DatabaseSync(path, { readOnly: true });
  t.equal(
    reader.prepare('PRAGMA user_version').get()?.user_version,
    SQLITE_MIGRATIONS.length,
    'others may read, for a backup',
  );
  reader.close();
  await close();
  await t.resolves(openAt(t, path, rules(), 0));
});

t.test('commits are on disk when they return', async (t) => {
  const path = join(t.testdir(), 'outbox.sqlite');
  await openAt(t, path, rules(), 0);
  const reader = new DatabaseSync(path, { readOnly: true });
  t.equal(reader.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
  reader.close();
});

t.test('a damaged file is named, with a way out', async (t) => {
  const path = join(t.testdir(), 'outbox.sqlite');
  writeFileSync(path, 'this is no database, and long enough to be sure of it'.repeat(100));
  await t.rejects(openAt(t, path, rules(), 0), { code: 'OUTBOX_UNAVAILABLE', message: /moved away/ });
});

t.test('a file of a later version is left alone', async (t) => {
  const path = join(t.testdir(), 'outbox.sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await t.rejects(openAt(t, path, rules(), 0), { code: 'OUTBOX_TOO_NEW', message: /run the newer version/ });
});

t.test('a folder that cannot be made is named', async (t) => {
  const folder = t.testdir({ file: 'x' });
  await t.rejects(openAt(t, join(folder, 'file', 'outbox.sqlite'), rules(), 0), { code: 'OUTBOX_UNAVAILABLE' });
});

t.test(
  'a database that another program has locked refuses the commit, and loses nothing',
  { timeout: 60_000 },
  async (t) => {
    const path = join(t.testdir(), 'outbox.sqlite');
    const { store } = await openAt(t, path, rules(), 0);
    const intruder = new DatabaseSync(path);
    intruder.exec('BEGIN IMMEDIATE');
    const now = epochMs(START_MS);
    await t.rejects(store.accept([cascade()], { now, wallNow: now }), { code: 'OUTBOX_UNAVAILABLE' });
    intruder.exec('ROLLBACK');
    intruder.close();
    t.equal((await store.accept([cascade()], { now, wallNow: now })).fresh, 1);
  },
);

t.test('another program’s lock is not waited for longer than a webhook can wait', async (t) => {
  const connection = openConnection(join(t.testdir(), 'outbox.sqlite'));
  t.teardown(() => connection.close());
  const waitMs = Number((await connection.read((sql) => sql.get('PRAGMA busy_timeout')))?.timeout);
  t.ok(waitMs > 0 && waitMs <= 500, `${waitMs} ms, in which nothing else goes on`);
});
