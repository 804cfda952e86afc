// A whole deployment by its commands, on a checkout of its own, beside a simulator of the existing system and simulators of the
// venues: start, look, renew a part, roll back, stop; and not a trace of it afterwards.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { field } from '../../../common/json-shape.ts';
import { freeAddresses } from '../../../engines/free-addresses.ts';
import { readRunState } from '../../../engines/run-state.ts';
import { portVariables } from '../../../engines/stack-settings.ts';
import { EXIT } from '../../../operations/exit-codes.ts';
import { runExternal } from '../../../operations/external.ts';
import { call } from '../../../operations/http-answer.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { waitUntil } from '../../support/waiting.ts';
import { scratchCheckout } from '../scratch-checkout.ts';

t.setTimeout(240_000);

t.test('starts, is looked at, renewed, rolled back and stopped', async (t) => {
  const [venues, existing] = [await startVenues(), await startExistingSystem({ serviceMs: 5 })];
  t.teardown(() => Promise.all([venues.close(), existing.close()]));
  const checkout = scratchCheckout(t);
  const dataDir = join(checkout, 'data');
  const addresses = await freeAddresses();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...venues.environment(),
    ...portVariables(addresses),
    DATA_DIR: dataDir,
    MARKET_DATA_URL: existing.url,
    SYMBOLS: 'BTC',
    OI_POLL_SECONDS: '2',
    OI_REQUESTS_PER_HOUR: '100000',
  };
  const run = (script: string, ...args: readonly string[]) =>
    runExternal([join(checkout, 'scripts', script), ...args], { env, timeoutMs: 120_000 });
  const deploy = (name: string, ...args: readonly string[]) => run(`deployment/${name}.sh`, '--native', ...args);
  t.teardown(() => deploy('stop_monitoring'));
  const pids = () => readRunState(dataDir)?.pids ?? {};

  t.equal((await deploy('health_check')).code, EXIT.notRunning);
  const dry = await deploy('start_monitoring', '--dry-run');
  t.equal(dry.code, EXIT.ok, dry.stderr);
  t.match(dry.stdout, /would now\n {2}start exporter/);
  t.notOk(existsSync(join(dataDir, 'run')), 'a dry run changes nothing');

  const started = await runExternal([join(checkout, 'scripts', 'deployment', 'start_monitoring.sh'), '--native'], {
    env: { ...env, ROLLOUT_STAGE: 'integration' },
    timeoutMs: 120_000,
  });
  t.equal(started.code, EXIT.ok, `${started.stdout}${started.stderr}`);
  for (const words of [/✓ ports/, /✓ memory/, /✓ existing service/, /✓ roll-back point auto-/, /✓ test webhook/]) {
    t.match(started.stdout, words);
  }
  await waitUntil(
    'all is well',
    async () => {
      const { code } = await deploy('health_check');
      return code === EXIT.ok;
    },
    40_000,
  );
  const health = JSON.parse((await deploy('health_check', '--json')).stdout);
  t.match(health, { mode: 'native', isRunning: true, level: 'ok', exitCode: 0 });

  const before = pids();
  t.equal((await deploy('start_monitoring', '--only', 'exporter', '--no-point')).code, EXIT.ok);
  t.not(pids().exporter, before.exporter, 'the exporter is another process');
  for (const name of ['prometheus', 'alertmanager', 'alert-bridge'] as const) t.equal(pids()[name], before[name], name);

  const silences = `http://127.0.0.1:${addresses.alertmanager.port}/api/v2`;
  const made = await call({
    url: `${silences}/silences`,
    method: 'POST',
    body: {
      matchers: [{ name: 'symbol', value: 'BTC', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'test',
      comment: 'to be restored',
    },
  });
  t.equal(made.status, 200);
  const created = await deploy('rollback', '--create', 'good');
  t.equal(created.code, EXIT.ok, created.stderr);
  const rules = join(checkout, 'prometheus', 'rules', 'thresholds.yml');
  const original = readFileSync(rules, 'utf8');
  appendFileSync(rules, '# a change that nobody wants');
  await call({ url: `${silences}/silence/${String(field(made.json, 'silenceID'))}`, method: 'DELETE' });
  const back = await deploy('rollback', '--to', 'good', '--with-data');
  t.equal(back.code, EXIT.ok, `${back.stdout}${back.stderr}`);
  t.match(back.stdout, /✓ rolled back to good in \d+\.\d s \(limit 30 s\)/);
  t.match(back.stdout, /1 silences made again/);
  t.match(back.stdout, /✓ test webhook/);
  t.ok(Number(/in (\d+\.\d) s/.exec(back.stdout)?.[1]) < 30);
  t.equal(readFileSync(rules, 'utf8'), original);
  if (process.platform === 'linux') {
    const settings = readFileSync(`/proc/${pids()['alert-bridge']}/environ`, 'utf8').split('\0');
    t.ok(settings.includes('ENVIRONMENT=integration'), 'the stage stays, though the shell knows nothing of it');
  }

  const drilled = await deploy('rollback', '--drill', 'full', '--point', 'good');
  t.equal(drilled.code, EXIT.ok, `${drilled.stdout}${drilled.stderr}`);

  const valid = await run('validation/validate_system.sh', '--native', '--checkpoint', 'isolated deployment');
  t.match(valid.stdout, /✓ own endpoints answer in time/);
  t.match(
    readFileSync(join(dataDir, 'reports', 'validation.xml'), 'utf8'),
    /<testsuite name="isolated deployment" tests="4"/,
  );

  const stopped = await deploy('stop_monitoring', '--remove-data');
  t.match(stopped.stdout, /✓ stopped in/);
  t.match(stopped.stdout, /✓ the host is as it was before the start/);
  t.equal(stopped.code, EXIT.ok);
  t.notOk(existsSync(join(dataDir, 'bridge')));
  t.ok(existsSync(join(dataDir, 'rollback', 'good')), 'roll-back points stay');

  const asked = new Set(existing.requests.map(({ method, path }) => `${method} ${path}`));
  t.same([...asked].toSorted(), ['GET /health', 'POST /multi_oi'], 'nothing but the documented read-only requests');
  t.ok(existing.requests.filter(({ path }) => path === '/multi_oi').length <= 3, 'once a life of the exporter');
});

t.test('refuses before it changes anything, and says why', async (t) => {
  const checkout = scratchCheckout(t);
  const addresses = await freeAddresses();
  const taken = createServer().listen(addresses.prometheus.port, '127.0.0.1');
  t.teardown(() => taken.close());
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...portVariables(addresses),
    DATA_DIR: join(checkout, 'data'),
    MARKET_DATA_URL: 'http://127.0.0.1:9',
    SYMBOLS: 'not a symbol',
  };
  writeFileSync(join(checkout, 'alertmanager', 'alertmanager.yml'), 'route: {}');
  const start = join(checkout, 'scripts', 'deployment', 'start_monitoring.sh');

  const { code, stdout, stderr } = await runExternal([start, '--native'], { env });

  t.equal(code, EXIT.refused);
  t.match(stdout, /✗ ports +port \d+ \(prometheus\)/);
  t.match(stdout, /✗ configuration/);
  t.match(stdout, /✗ existing service +http:\/\/127\.0\.0\.1:9\/health: nothing listens there/);
  t.match(stderr, /refused: nothing was started or changed/);
  t.notOk(existsSync(join(checkout, 'data')));
});
