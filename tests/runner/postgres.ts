// A throw-away PostgreSQL server for tests: a fresh cluster in a temporary folder, on a loopback port, with a password, and
// without syncs to disk (it outlives no test). Ends with `stop`, or at the latest with this process.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findPostgres, type PostgresPrograms } from './postgres-programs.ts';

const run = promisify(execFile);

export interface TestPostgres {
  /** Of the database `postgres`, with user and password. */
  readonly url: string;
  /** The same server's process id. */
  pid(): number | undefined;
  /** Makes an empty database; returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and the same data. Resolves once it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const CHECKOUT = dirname(dirname(import.meta.dirname));
const PASSWORD = 'test-password';
const START_TRIES = 3;
const READY_MS = 60_000;

/** For tap's `skip`: why there is no server for the tests, or `false`. Looks only; `npm test` fetches before its tests. */
export async function postgresMissing(): Promise<string | false> {
  const programs = await lookUp();
  return programs ? false : 'no PostgreSQL server on this machine (apt-get install postgresql)';
}

/** @throws Error where no server is installed or it does not start; what it printed is in the text. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = await lookUp();
  if (!programs) throw new Error('no PostgreSQL server on this machine (apt-get install postgresql)');
  const folder = mkdtempSync(join(tmpdir(), 'test-postgres-'));
  const remove = () => {
    process.removeListener('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    await makeCluster(programs, folder);
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      try {
        return handle(programs, folder, port, await startServer(programs, folder, port), remove);
      } catch (error) {
        // Somebody else took the port in between.
        if (tries === START_TRIES) throw error;
      }
    }
  } catch (error) {
    remove();
    throw error;
  }
}

function lookUp(): Promise<PostgresPrograms | undefined> {
  return findPostgres({ cacheDir: join(CHECKOUT, '.cache'), log: () => {}, mayFetch: false });
}

async function makeCluster(programs: PostgresPrograms, folder: string): Promise<void> {
  const { identity } = programs;
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  if (identity.uid !== undefined && identity.gid !== undefined) {
    chownSync(folder, identity.uid, identity.gid);
    chownSync(passwordFile, identity.uid, identity.gid);
  }
  await run(
    programs.initdb,
    [
      ...['--pgdata', join(folder, 'data'), '--username', 'tester', '--pwfile', passwordFile, '--no-sync'],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale'],
    ],
    { cwd: folder, env: environmentOf(programs), ...identity, timeout: 120_000 },
  );
}

async function startServer(programs: PostgresPrograms, folder: string, port: number): Promise<ChildProcess> {
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`],
    // A test's data need not survive the machine; small, since several servers may run side by side.
    ...['fsync=off', 'full_page_writes=off', 'shared_buffers=16MB', 'max_connections=60'],
  ];
  const server = spawn(
    programs.postgres,
    ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: folder, env: environmentOf(programs), ...programs.identity, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const endServer = () => server.kill('SIGQUIT');
  process.once('exit', endServer);
  server.once('exit', () => process.removeListener('exit', endServer));
  const giveUpAt = performance.now() + READY_MS;
  while (!(await answers(urlOf(port, 'postgres')))) {
    if (server.exitCode !== null || server.signalCode !== null || performance.now() > giveUpAt) {
      server.kill('SIGKILL');
      throw new Error(`the PostgreSQL server for the tests does not start: ${said}`);
    }
    await delay(50);
  }
  return server;
}

function handle(
  programs: PostgresPrograms,
  folder: string,
  port: number,
  first: ChildProcess,
  remove: () => void,
): TestPostgres {
  let server = first;
  let databases = 0;
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  return {
    url: urlOf(port, 'postgres'),
    pid: () => server.pid,
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new Client({ connectionString: urlOf(port, 'postgres') });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return urlOf(port, name);
    },
    // SIGQUIT ends it without a word to anybody and without a checkpoint; SIGKILL would leave its children behind.
    kill: () => end('SIGQUIT'),
    async restart() {
      server = await startServer(programs, folder, port);
    },
    async stop() {
      await end('SIGINT');
      remove();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function urlOf(port: number, database: string): string {
  return `postgres://tester:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

function environmentOf(programs: PostgresPrograms): Readonly<Record<string, string | undefined>> {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...programs.environment };
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
