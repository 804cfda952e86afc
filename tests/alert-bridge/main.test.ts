// The bridge as a process: what starts it, what stops it, what it says when it cannot.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';

t.setTimeout(90_000);

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(t: Test, environment: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../alert-bridge/main.ts')], {
    env: {
      PATH: process.env.PATH,
      BRIDGE_WEBHOOK_TOKEN: 'test-webhook-token',
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      BRIDGE_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    output += String(chunk);
  });
  return { child, output: () => output };
}

async function exitOf({ child }: Started): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : null;
}

async function untilUp(started: Started): Promise<void> {
  while (!started.output().includes('alert bridge is up')) {
    if (started.child.exitCode !== null) throw new Error(started.output());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

t.test('starts, says where messages go, and ends cleanly on SIGTERM', async (t) => {
  const started = start(t, { DATA_DIR: t.testdir() });
  await untilUp(started);
  t.match(started.output(), /no Telegram token, messages appear here and on the page/);
  started.child.kill('SIGTERM');
  t.equal(await exitOf(started), 0);
});

t.test('a bad configuration ends with 1 and every fault', async (t) => {
  const started = start(t, { DATA_DIR: t.testdir(), BRIDGE_PORT: 'x', TELEGRAM_COMMANDS: 'y' });
  t.equal(await exitOf(started), 1);
  t.match(started.output(), /2 faults in its configuration/);
  t.notMatch(started.output(), / at /, 'no stack for a mistake of a person');
});

t.test('a port that is taken is named, with the way out', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const started = start(t, { DATA_DIR: t.testdir(), BRIDGE_PORT: String(port) });
  t.equal(await exitOf(started), 1);
  t.match(started.output(), /its port is in use .*BRIDGE_PORT/);
});

t.test('a second bridge on the same data is refused in one sentence', async (t) => {
  const folder = t.testdir();
  const first = start(t, { DATA_DIR: folder });
  await untilUp(first);
  const second = start(t, { DATA_DIR: folder });
  t.equal(await exitOf(second), 1);
  t.match(
    second.output(),
    /^another alert-bridge has .*outbox\.sqlite\.lock: stop it, or give this one its own DATA_DIR\n/m,
  );
});
