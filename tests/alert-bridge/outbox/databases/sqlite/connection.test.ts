// One connection and many who ask at once: each piece of work is alone with the database until it is through.
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import type { Queries } from '../../../../../alert-bridge/outbox/sql/database.ts';
import { AppError } from '../../../../../common/errors.ts';

function open(t: Test) {
  const db = openConnection(join(t.testdir(), 'outbox.sqlite'));
  t.teardown(() => db.close().catch(() => {}));
  return db;
}

const addChat = (sql: Queries, key: string) => sql.run('INSERT INTO chats (key, chat_id) VALUES (?, ?)', key, key);
const keys = async (sql: Queries) => (await sql.all('SELECT key FROM chats ORDER BY key')).map(({ key }) => key);

/** Adds two chats, and lets everything else that waits for the event loop have its turn in between. */
async function addSlowly(sql: Queries): Promise<void> {
  await addChat(sql, 'a');
  for (let turns = 0; turns < 5; turns += 1) await turn();
  await addChat(sql, 'b');
}

t.test('nobody sees or takes part in half a commit', async (t) => {
  const db = open(t);
  const commit = db.commit(addSlowly);
  const seen = db.read(keys);
  const next = db.commit(async (sql) => {
    await addChat(sql, 'c');
    return keys(sql);
  });
  await commit;
  t.same(await seen, ['a', 'b']);
  t.same(await next, ['a', 'b', 'c']);
});

t.test('work that fails leaves nothing behind, and lets the next one through', async (t) => {
  const db = open(t);
  const failed = db.commit(async (sql) => {
    await addSlowly(sql);
    throw new AppError('OUTBOX_FULL', 'enough');
  });
  const broken = db.commit(async (sql) => {
    await addChat(sql, 'c');
    await sql.run('NONSENSE');
  });
  const misread = db.read((sql) => sql.get('NONSENSE'));
  const after = db.read(keys);
  await t.rejects(failed, { code: 'OUTBOX_FULL' }, 'our own words come through');
  await t.rejects(broken, { code: 'OUTBOX_UNAVAILABLE', message: /NONSENSE/ });
  await t.rejects(misread, { code: 'OUTBOX_UNAVAILABLE', message: /NONSENSE/ });
  t.same(await after, []);
});

t.test('a row that is inserted gives its id', async (t) => {
  const db = open(t);
  const insert = (fingerprint: string) =>
    db.commit((sql) =>
      sql.insert(
        `INSERT INTO alerts (receiver, fingerprint, starts_at, name, kind, category, tier, priority, dedup_key, labels,
           annotations, peak, status, event_at, accepted_at)
         VALUES ('', ?, 0, '', '', '', 1, '', '', '', '', '', '', 0, 0)`,
        fingerprint,
      ),
    );
  t.equal(await insert('one'), 1);
  t.equal(await insert('two'), 2);
});

t.test('what was asked before the end is done, and nothing after it', async (t) => {
  const db = open(t);
  const commit = db.commit(addSlowly);
  const closed = db.close();
  await t.resolves(commit);
  await closed;
  await t.rejects(db.commit(addSlowly), { code: 'OUTBOX_UNAVAILABLE' });
});
