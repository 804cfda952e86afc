// npm start as a process of its own, with real engines, on simulators of the venues.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { readRunState } from '../../engines/run-state.ts';
import { portVariables, SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { scratchCheckout } from '../operations/scratch-checkout.ts';
import { isThere, waitUntil } from '../support/waiting.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const LAUNCHER = join(CHECKOUT, 'scripts', 'run.mjs');

// The first one may have to fetch engines and bundle the services.
t.setTimeout(300_000);

interface Running {
  readonly launcher: ChildProcess;
  readonly dataDir: string;
  readonly lines: readonly string[];
  readonly ended: Promise<number | null>;
  pids(): readonly number[];
}

async function environmentFor(t: Test, dataDir: string): Promise<Record<string, string | undefined>> {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const addresses = await freeAddresses();
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: dataDir,
    ...venues.environment(),
    ...portVariables(addresses),
  };
}

function launch(
  t: Test,
  dataDir: string,
  environment: Record<string, string | undefined>,
  launcherPath = LAUNCHER,
): Running {
  const lines: string[] = [];
  const launcher = spawn(process.execPath, [launcherPath, 'supervisor/main.ts'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [launcher.stdout, launcher.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const ended = once(launcher, 'exit').then(([code]) => code);
  t.teardown(async () => {
    launcher.kill('SIGTERM');
    await ended;
  });
  return { launcher, dataDir, lines, ended, pids: () => Object.values(readRunState(dataDir)?.pids ?? {}) };
}

async function startLive(t: Test, checkout = CHECKOUT): Promise<Running> {
  const dataDir = join(checkout === CHECKOUT ? t.testdir() : checkout, 'data');
  const launcher = join(checkout, 'scripts', 'run.mjs');
  const running = launch(t, dataDir, await environmentFor(t, dataDir), launcher);
  await waitUntil(
    `everything is live; it said:\n${running.lines.join('\n')}`,
    () => running.lines.some((line) => line.includes('Ctrl-C stops everything')),
    240_000,
  );
  return running;
}

t.test('says what it starts, what is live and where, and stops everything when told to', async (t) => {
  const { launcher, lines, ended, pids } = await startLive(t);
  const started = pids();
  t.equal(started.length, 4);
  for (const name of SERVICE_NAMES) t.ok(lines.includes(`✓ ${name}: up`), `${name} is said to be up`);
  await waitUntil(
    'feeds are told',
    () => lines.filter((line) => /(binance|bybit|okx) liquidations: live/.test(line)).length === 3,
  );
  t.ok(lines.some((line) => line.includes('no Telegram token')));

  launcher.kill('SIGTERM');

  t.equal(await ended, 0);
  t.notOk(started.some(isThere), 'nothing is left running');
  t.equal(lines.at(-1), 'stopped');
});

t.test('starts a killed service again and says so', async (t) => {
  const { dataDir, lines, pids } = await startLive(t);
  const victim = Number(readRunState(dataDir)?.pids['alert-bridge']);

  process.kill(victim, 'SIGKILL');

  await waitUntil('four processes, another bridge', () => pids().length === 4 && !pids().includes(victim));
  t.ok(lines.some((line) => line.includes('✗ alert-bridge: ended (SIGKILL), starting again in 1 s')));
});

t.test('leaves no orphan when launcher and supervisor are killed', async (t) => {
  const { launcher, dataDir, pids } = await startLive(t);
  const started = pids();
  const supervisor = Number(readFileSync(join(dataDir, 'run', 'supervisor.pid'), 'utf8'));

  process.kill(supervisor, 'SIGKILL');
  launcher.kill('SIGKILL');

  await waitUntil('all are gone', () => ![supervisor, ...started].some(isThere), 8_000);
  t.equal(started.length, 4);
});

t.test('refuses to run twice on the same data, and the first goes on', async (t) => {
  const first = await startLive(t);

  const second = launch(t, first.dataDir, await environmentFor(t, first.dataDir));

  t.equal(await second.ended, 1);
  t.match(second.lines.join('\n'), /another instance \(process \d+\) is already running on .+DATA_DIR/);
  t.ok(first.pids().every(isThere));
});

t.test('says that a port is taken, and starts nothing', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const environment = await environmentFor(t, dataDir);
  const server = createServer().listen(Number(environment.ALERTMANAGER_PORT), '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());

  const { ended, lines } = launch(t, dataDir, environment);

  t.equal(await ended, 1);
  t.match(lines, [/^port \d+ \(alertmanager\) on 127\.0\.0\.1 is already in use/]);
  t.equal(readRunState(dataDir), undefined);
});

t.test('lists the faults of both services before anything starts', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const environment = {
    ...(await environmentFor(t, dataDir)),
    EXCHANGES: 'mtgox',
    ALERT_DEDUP_SECONDS: 'soon',
    PROMETHEUS_PORT: '-1',
  };

  const { ended, lines } = launch(t, dataDir, environment);

  t.equal(await ended, 1);
  const text = lines.join('\n');
  t.match(text, /nothing was started: \d faults in the configuration/);
  for (const name of ['EXCHANGES', 'ALERT_DEDUP_SECONDS', 'PROMETHEUS_PORT']) t.match(text, new RegExp(`  - ${name}`));
});

t.test('takes over edited rules on npm run reload', async (t) => {
  const { dataDir } = await startLive(t);
  const reload = spawn(process.execPath, [LAUNCHER, 'supervisor/reload.ts'], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: reload.stdout }).on('line', (line) => lines.push(line));

  const [code] = await once(reload, 'exit');

  t.equal(code, 0);
  t.same(lines.slice(-2), ['✓ prometheus: reloaded', '✓ alertmanager: reloaded']);
});

t.test(
  'takes an edited table of thresholds over by itself, explains a faulty one, and tells the exporter’s hash',
  async (t) => {
    const checkout = scratchCheckout(t);
    const table = join(checkout, 'prometheus', 'thresholds.yml');
    const shipped = readFileSync(table, 'utf8');
    const { lines, dataDir } = await startLive(t, checkout);
    const inForce = async (query: string) => {
      const { port } = readRunState(dataDir)?.addresses.prometheus ?? { port: 0 };
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
      return (await answer.text()).includes('"value"');
    };
    const said = (words: RegExp) => lines.some((line) => words.test(line));

    writeFileSync(table, shipped.replace('500000 ', '-1 '));
    await waitUntil('the fault is explained', () => said(/thresholds\.yml:\d+: BTC cascade_value_usd: -1 is negative/));
    t.notOk(said(/prometheus: reloaded/));

    writeFileSync(table, shipped.replace('500000 ', '600000 '));
    await waitUntil('the edit is taken over', () => said(/^✓ prometheus: reloaded/));
    await waitUntil('it counts', () => inForce('symbol:cascade_value_usd:threshold{symbol="BTC"} == 600000'), 60_000);
    const agree = 'derivatives_threshold_table_info and on (hash) threshold:table:loaded';
    await waitUntil('rules and exporter name the same table', () => inForce(agree), 60_000);
  },
);

t.test('says on npm run reload that nothing runs', async (t) => {
  const reload = spawn(process.execPath, [LAUNCHER, 'supervisor/reload.ts'], {
    env: { PATH: process.env.PATH, DATA_DIR: t.testdir() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: reload.stderr }).on('line', (line) => lines.push(line));

  const [code] = await once(reload, 'exit');

  t.equal(code, 1);
  t.match(lines, [/^nothing runs on /]);
});
