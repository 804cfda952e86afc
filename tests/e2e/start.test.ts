// `npm start` as somebody without a Telegram token runs it: messages in the terminal and on the page, through every program
// killed and one that hangs. How it refuses to start, and that it leaves nothing behind, is tested beside its source.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { readRunState } from '../../engines/run-state.ts';
import { portVariables, SERVICE_NAMES, type ServiceName } from '../../engines/stack-settings.ts';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { isThere, waitUntil } from '../support/waiting.ts';
import { cascade } from './orders.ts';
import { CHAIN_TIMEOUT_MS } from './stack.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

t.setTimeout(CHAIN_TIMEOUT_MS);

t.test('npm start without a Telegram token', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const { lines, pidOf, urlOf, npm } = await start(t, venues.environment());
  const said = (what: RegExp, limitMs = 30_000) =>
    waitUntil(`it says ${what}; it said:\n${lines.join('\n')}`, () => lines.some((line) => what.test(line)), limitMs);
  const isBack = (name: ServiceName, before: number | undefined) =>
    waitUntil(`${name} is back`, () => pidOf(name) !== undefined && pidOf(name) !== before, 30_000);

  await t.test('says what is live, what is not, and why', async () => {
    await said(/no Telegram token: messages appear here/, 180_000);
    for (const venue of ['binance', 'bybit', 'okx']) {
      await said(new RegExp(`✓ ${venue} liquidations: live`));
      await said(new RegExp(`✓ ${venue} open interest: live`), 60_000);
    }
  });

  await t.test('shows a cascade in the terminal and on the page', async (t) => {
    cascade(venues, { symbol: 'BTC', longs: 5, shorts: 2, usd: 1_200_000 });

    await said(/🚨 BTC LIQUIDATION CASCADE/);
    await said(/💰 Total: \$1\.2M liquidated/);
    const page = await (await fetch(urlOf('alert-bridge'))).text();
    t.match(page, 'BTC LIQUIDATION CASCADE');
  });

  await t.test('has every killed program back, and the chain with it', async () => {
    for (const name of ['exporter', 'alertmanager', 'prometheus'] as const) {
      const before = pidOf(name);
      process.kill(Number(before), 'SIGKILL');
      await said(new RegExp(`✗ ${name}: ended \\(SIGKILL\\), starting again in \\d+ s`));
      await isBack(name, before);
    }
    await waitUntil(
      'all feeds are seen again',
      async () => {
        const url = `${urlOf('prometheus')}api/v1/query?query=count(derivatives_feed_connected==1)`;
        const answer = await fetch(url).then(
          (response) => response.text(),
          () => '',
        );
        return answer.includes('"6"]');
      },
      60_000,
    );

    cascade(venues, { symbol: 'ETH', longs: 6, usd: 400_000 });

    await said(/🚨 ETH LIQUIDATION CASCADE/);
  });

  await t.test('ends a program that hangs, and starts it again', async (t) => {
    const before = pidOf('alert-bridge');
    process.kill(Number(before), 'SIGSTOP');

    await said(/✗ alert-bridge: ended \(SIGKILL\)/, 40_000);
    await isBack('alert-bridge', before);
    t.notOk(isThere(Number(before)));
  });

  await t.test('stops all of it when told to', async () => {
    const pids = SERVICE_NAMES.map(pidOf);

    npm.kill('SIGTERM');

    // npm itself leaves at once; what it started hears of that and stops in order.
    await waitUntil('all programs are gone', () => !pids.some((pid) => isThere(Number(pid))), 10_500);
    await said(/^stopped$/, 5_000);
  });
});

interface Started {
  readonly npm: ChildProcess;
  readonly lines: readonly string[];
  pidOf(name: ServiceName): number | undefined;
  urlOf(name: ServiceName): string;
}

async function start(t: Test, venues: Readonly<Record<string, string>>): Promise<Started> {
  const dataDir = join(t.testdir(), 'data');
  const addresses = await freeAddresses();
  const ports = portVariables(addresses);
  const npm = spawn('npm', ['start'], {
    cwd: CHECKOUT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      OI_POLL_SECONDS: '5',
      OI_REQUESTS_PER_HOUR: '100000',
      ...ports,
      ...venues,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [npm.stdout, npm.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const ended = once(npm, 'exit').then(([code]) => code);
  t.teardown(async () => {
    npm.kill('SIGTERM');
    await ended;
  });
  return {
    npm,
    lines,
    pidOf: (name) => readRunState(dataDir)?.pids[name],
    urlOf: (name) => `http://127.0.0.1:${addresses[name].port}/`,
  };
}
