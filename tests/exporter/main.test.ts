// The exporter as a process: what it says when it cannot start, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startVenues } from '../../simulators/venues/start-venues.ts';

const MAIN = fileURLToPath(new URL('../../exporter/main.ts', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(t: Test, environment: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  t.teardown(() => child.kill('SIGKILL'));
  const ended: Promise<Ending> = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { child, ended, stdout: () => stdout };
}

t.test('a bad configuration ends it with 1 and all faults in one message', async (t) => {
  const { ended } = launch(t, {
    SYMBOLS: 'BTC,$$$',
    EXCHANGES: 'binance,ftx',
    EXPORTER_PORT: 'x',
    OKX_REST_URL: 'okx',
  });
  const { code, stderr } = await ended;

  t.equal(code, 1);
  t.match(stderr, /^exporter cannot start: 4 faults in its configuration\n/);
  for (const fault of ['EXPORTER_PORT: must be integer', 'SYMBOLS: "$$$"', 'EXCHANGES: "ftx"', 'OKX_REST_URL: "okx"']) {
    t.ok(stderr.includes(fault), fault);
  }
  t.notMatch(stderr, /\n {4}at /, 'without a stack');
});

t.test('a busy port is one sentence that says how to mend it', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.teardown(() => holder.close());
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { code, stderr } = await launch(t, { EXPORTER_PORT: String(port), MONITORING_LOG_LEVEL: 'silent' }).ended;

  t.equal(code, 1);
  t.equal(
    stderr,
    `exporter cannot start: port ${port} on 127.0.0.1 is taken by another program; stop it or set EXPORTER_PORT\n`,
  );
});

t.test('SIGTERM ends it with 0 and closes its connections', async (t) => {
  const venues = await startVenues({ controlIntervalMs: 50 });
  t.teardown(() => venues.close());
  const { child, ended, stdout } = launch(t, { ...venues.environment(), EXPORTER_PORT: '0' });
  const isUp = () => stdout().includes('"listening"') && venues.all.every(({ connections }) => connections.length > 0);
  for (let attempt = 0; attempt < 1_000 && !isUp(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  t.ok(isUp(), 'listening and connected');

  child.kill('SIGTERM');
  t.match(await ended, { code: 0, stderr: '' });
  t.match(stdout(), /"signal":"SIGTERM","msg":"stopping"/);
  t.ok(venues.all.every(({ connections }) => connections.length === 0));
});
