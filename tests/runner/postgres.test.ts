// The throw-away server that other tests stand on.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client } from 'pg';
import t from 'tap';
import { postgresMissing, startPostgres } from './postgres.ts';

t.setTimeout(180_000);

const skip = await postgresMissing();

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

t.test('a server starts, keeps its data over a crash, and leaves nothing behind', { skip }, async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  const url = await server.createDatabase();
  await ask(url, 'CREATE TABLE kept AS SELECT 7 AS n; CHECKPOINT');
  await server.kill();
  await t.rejects(ask(url, 'SELECT 1'));
  await server.restart();
  t.same(await ask(url, 'SELECT n FROM kept'), [{ n: 7 }]);
  const [row] = Object.values(Object(await ask(server.url, 'SHOW data_directory')));
  const folder: unknown = Reflect.get(Object(row), 'data_directory');
  await server.stop();
  t.notOk(existsSync(dirname(String(folder))));
});

t.test('the server asks for its password', { skip }, async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  await t.rejects(ask(server.url.replace('test-password', 'wrong'), 'SELECT 1'), { code: '28P01' });
});
