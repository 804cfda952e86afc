// The database itself: its tables, its versions, its absence, and what must never be said of it.
import { join } from 'node:path';
import t from 'tap';
import { openPostgres } from '../../../../../alert-bridge/outbox/databases/postgres/connection.ts';
import { SCHEMA } from '../../../../../alert-bridge/outbox/databases/postgres/migrate.ts';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { AppError } from '../../../../../common/errors.ts';
import { createLogger } from '../../../../../common/logger.ts';
import { postgresMissing } from '../../../../runner/postgres.ts';
import { cascade } from '../../../support/alerts.ts';
import { createManualClock } from '../../../support/clocks.ts';
import { openBridge, sharedServer } from './open-postgres.ts';

t.setTimeout(180_000);

const skip = await postgresMissing();
const server = sharedServer(t);
const freshUrl = async () => (await server()).createDatabase();
const clock = createManualClock();
const present = { now: clock.now(), wallNow: clock.wallNow() };

/** What was thrown, and all that a log would show of it. */
async function failureOf(work: Promise<unknown>): Promise<{ readonly code: unknown; readonly logged: string }> {
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  logger.error({ err: error }, 'failed');
  return { code: error instanceof AppError ? error.code : error, logged: lines.join('') };
}

t.test('PostgreSQL has every table and column that SQLite has', { skip }, async (t) => {
  const sqlite = openConnection(join(t.testdir(), 'outbox.sqlite'));
  const wanted = await sqlite.read((sql) =>
    sql.all(
      `SELECT m.name || '.' || c.name AS name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_compatibility'`,
    ),
  );
  await sqlite.close();
  const db = await openPostgres(await freshUrl());
  t.teardown(() => db.close());
  const rows = await db.read((sql) =>
    sql.all(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
    ),
  );
  const present = new Set(rows.map(({ name }) => name));
  t.same(
    wanted.map(({ name }) => name).filter((name) => !present.has(name)),
    [],
  );
});

t.test('bridges that start at once make the tables once', { skip }, async (t) => {
  const url = await freshUrl();
  const opened = await Promise.all([1, 2, 3, 4].map(() => openPostgres(url)));
  t.teardown(() => Promise.all(opened.map((db) => db.close())));
  t.match(await opened[3]?.read((sql) => sql.get('SELECT version FROM schema_version')), {
    version: SCHEMA.migrations.length,
  });
});

t.test('a database of a later version is left alone, unless that only added', { skip }, async (t) => {
  const url = await freshUrl();
  const later = { migrations: [...SCHEMA.migrations, 'CREATE TABLE later (id BIGINT)'], compatibleFrom: 1 };
  await (await openPostgres(url, later)).close();
  const db = await openPostgres(url);
  t.match(await db.read((sql) => sql.get('SELECT version FROM schema_version')), { version: later.migrations.length });
  await db.close();
  const apart = { migrations: [...later.migrations, 'CREATE TABLE apart (id BIGINT)'], compatibleFrom: 3 };
  await (await openPostgres(url, apart)).close();
  t.match(await failureOf(openPostgres(url)), { code: 'OUTBOX_TOO_NEW', logged: /run the newer version/ });
});

t.test('a migration that fails leaves nothing behind', { skip }, async (t) => {
  const url = await freshUrl();
  const broken = { migrations: ['CREATE TABLE half (id BIGINT)', 'CREATE NONSENSE'], compatibleFrom: 1 };
  t.match(await failureOf(openPostgres(url, broken)), { code: 'OUTBOX_UNAVAILABLE', logged: /NONSENSE/ });
  const db = await openPostgres(url);
  t.teardown(() => db.close());
  t.same(await db.read((sql) => sql.all(`SELECT 1 FROM information_schema.tables WHERE table_name = 'half'`)), []);
});

t.test('a database that cannot be reached or refuses is named without its password', { skip }, async (t) => {
  const url = await freshUrl();
  const wrong = new URL(url);
  wrong.password = 'secret-of-the-desk';
  const away = new URL(wrong);
  away.port = '1';
  const absent = new URL(url);
  absent.pathname = '/nowhere';
  for (const [address, words] of [
    [wrong, /password authentication failed/],
    [away, /ECONNREFUSED/],
    [absent, /does not exist/],
  ] as const) {
    const { code, logged } = await failureOf(openPostgres(address.href));
    t.equal(code, 'OUTBOX_UNAVAILABLE');
    t.match(logged, words);
    t.match(logged, /BRIDGE_DATABASE_URL/);
    t.notMatch(logged, /secret-of-the-desk|test-password/);
  }
});

t.test('while the database is gone everything is refused, and afterwards goes on', { skip }, async (t) => {
  const { store, db } = await openBridge(t, await freshUrl());
  await (await server()).kill();
  for (const work of [
    store.accept([cascade()], present),
    store.claim(['100'], clock.now(), 3),
    store.counts(),
    store.recover(clock.now()),
  ]) {
    t.equal((await failureOf(work)).code, 'OUTBOX_UNAVAILABLE');
  }
  await (await server()).restart();
  t.equal((await store.accept([cascade()], present)).fresh, 1);
  t.ok(await store.claim(['100'], clock.now(), 3));
  t.equal(await store.recover(clock.now()), 0);
  t.match(await db.read((sql) => sql.get('SELECT 1 AS one')), { one: 1 });
});

t.test('a connection that breaks between two queries fails its commit, and nothing else', { skip }, async (t) => {
  const { db, store } = await openBridge(t, await freshUrl());
  const postgres = await server();
  let isGone: Promise<void> | undefined;
  const broken = db.commit(async (sql) => {
    await sql.get('SELECT 1');
    isGone = postgres.kill();
    return await sql.get('SELECT pg_sleep(5)');
  });
  t.equal((await failureOf(broken)).code, 'OUTBOX_UNAVAILABLE');
  await isGone;
  await postgres.restart();
  t.equal((await store.counts()).byState.pending, 0);
});

t.test('what a commit began and did not finish is not kept', { skip }, async (t) => {
  const { db } = await openBridge(t, await freshUrl());
  const { code } = await failureOf(
    db.commit(async (sql) => {
      await sql.run(`INSERT INTO chats (key, chat_id) VALUES ('half', 'half')`);
      throw new AppError('OUTBOX_FULL', 'enough');
    }),
  );
  t.equal(code, 'OUTBOX_FULL', 'our own words come through');
  t.equal(await db.read((sql) => sql.get(`SELECT 1 FROM chats WHERE key = 'half'`)), undefined);
});

t.test('a commit is on disk whatever the server would do by itself', { skip }, async (t) => {
  const url = await freshUrl();
  const careless = await openPostgres(url);
  const name = new URL(url).pathname.slice(1);
  await careless.commit((sql) => sql.run(`ALTER DATABASE ${name} SET synchronous_commit = off`));
  await careless.close();
  const db = await openPostgres(url);
  t.teardown(() => db.close());
  for (const commit of [db.commit, db.commitBeside]) {
    t.match(await commit((sql) => sql.get('SHOW synchronous_commit')), { synchronous_commit: 'on' });
  }
});

t.test('an alert with characters that PostgreSQL cannot store is stored all the same', { skip }, async (t) => {
  const { store } = await openBridge(t, await freshUrl());
  const nul = 'a\0b';
  const odd = cascade({
    labels: { alertname: nul, symbol: nul, [nul]: nul },
    annotations: { summary: nul, notional_usd: '5', note: '\ud800 "quoted": \\ ? $1 %s' },
  });
  t.equal((await store.accept([odd], present)).fresh, 1);
  const delivery = await store.claim(['100'], clock.now(), 3);
  t.match(delivery?.subject, {
    alert: { facts: { name: 'a\uFFFDb' }, annotations: { notional_usd: '5', note: /"quoted": \\ \? \$1 %s$/ } },
  });
});

t.test('a figure in an annotation is read alike in both databases', { skip }, async (t) => {
  const sqlite = openConnection(join(t.testdir(), 'outbox.sqlite'));
  const db = await openPostgres(await freshUrl());
  t.teardown(() => Promise.all([sqlite.close(), db.close()]));
  for (const [figure, expected] of [
    ['1200000', 1_200_000],
    ['-0.18', -0.18],
    ['1.2e+06', 1_200_000],
    [' 7 ', 7],
    ['', null],
    ['lots', null],
    ['$5', null],
    ['5"6', null],
  ] as const) {
    const texts = JSON.stringify({ a: 'x"notional_usd":"9"', notional_usd: figure });
    const query = `SELECT figure_in(?, 'notional_usd') AS n`;
    t.equal((await sqlite.read((sql) => sql.get(query, texts)))?.n, expected, `SQLite: ${figure}`);
    t.equal((await db.read((sql) => sql.get(query, texts)))?.n, expected, `PostgreSQL: ${figure}`);
  }
  t.equal((await db.read((sql) => sql.get(`SELECT figure_in('{}', 'x') AS n`)))?.n, null);
  t.equal((await sqlite.read((sql) => sql.get(`SELECT figure_in('{}', 'x') AS n`)))?.n, null);
  t.equal((await sqlite.read((sql) => sql.get(`SELECT figure_in(1, 'x') AS n`)))?.n, null);
});
