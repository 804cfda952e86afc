// npm run demo as somebody sees it who tries the project out: no network, no account, and every kind of message within a minute.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { readRunState } from '../../engines/run-state.ts';
import { portVariables } from '../../engines/stack-settings.ts';
import { isThere, waitUntil } from '../support/waiting.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

// The first one may have to fetch engines and bundle the services.
t.setTimeout(300_000);

t.test('the demo plays a market, shows what arrives on the phone, and leaves nothing running', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  // A demo begins with nothing told yet.
  const stale = join(dataDir, 'demo', 'bridge', 'stale');
  mkdirSync(dirname(stale), { recursive: true });
  writeFileSync(stale, '');
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: dataDir,
    ...portVariables(await freeAddresses()),
    // What would reach the outside must not.
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_API_URL: 'http://127.0.0.1:9',
    BINANCE_WS_URL: 'ws://127.0.0.1:9',
  };
  let said = '';
  const demo = spawn(process.execPath, [join(CHECKOUT, 'scripts', 'run.mjs'), 'supervisor/demo/main.ts'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = once(demo, 'exit');
  t.teardown(async () => {
    demo.kill('SIGTERM');
    await ended;
  });
  const shows = (what: RegExp, limitMs: number) =>
    waitUntil(`the demo shows ${what}; it said:\n${said}`, () => what.test(said), limitMs);

  await shows(/▶ a quiet market/, 240_000);
  t.notOk(existsSync(stale), 'what the last demo told is forgotten');
  await shows(/📱 Telegram, message \d+[\s\S]+LARGE LIQUIDATION/, 60_000);
  await shows(/🚨 ETH LIQUIDATION CASCADE/, 60_000);
  await shows(/📱 Telegram, message \d+, edited/, 60_000);
  await shows(/BTC OI EXPLOSION/, 90_000);
  await shows(/🚨 BTC LIQUIDATION CASCADE[\s\S]+\$1\.2M liquidated/, 60_000);
  const pids = Object.values(readRunState(join(dataDir, 'demo'))?.pids ?? {});
  t.equal(pids.length, 4);

  demo.kill('SIGTERM');

  t.same(await ended, [0, null]);
  t.notOk(pids.some(isThere), 'nothing is left running');
});
