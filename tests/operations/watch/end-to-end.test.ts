// The watcher on a real stack: an existing service that fails makes it climb the whole ladder, tell every step on Telegram
// itself, and leave the existing service alone; a breach, a damaged database and a request by hand act at once.
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { freeAddresses } from '../../../engines/free-addresses.ts';
import { portVariables } from '../../../engines/stack-settings.ts';
import { EXIT } from '../../../operations/exit-codes.ts';
import { runExternal } from '../../../operations/external.ts';
import { call } from '../../../operations/http-answer.ts';
import { inspectDatabase } from '../../../operations/points/sqlite-backup.ts';
import { readAlerts } from '../../../operations/watch/alerts.ts';
import { watchStrangers } from '../../../operations/watch/checks/strangers.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { waitUntil } from '../../support/waiting.ts';
import { scratchCheckout } from '../scratch-checkout.ts';

t.setTimeout(600_000);

async function openDeployment(t: Test) {
  const [venues, existing, telegram] = await Promise.all([
    startVenues(),
    startExistingSystem({ serviceMs: 5 }),
    startTelegramSimulator(),
  ]);
  t.teardown(() => Promise.all([venues.close(), existing.close(), telegram.close()]));
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
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: '100',
    TELEGRAM_STACK_CHAT_ID: '200',
    TELEGRAM_API_URL: telegram.url,
    AUTO_ROLLBACK: 'on',
    // What the engines take at their start on a busy machine is no fault that these tests are about.
    MEMORY_TRIGGER_MB: '100000',
  };
  const deploy = (name: string, ...args: readonly string[]) =>
    runExternal([join(checkout, 'scripts', 'deployment', `${name}.sh`), '--native', ...args], {
      env,
      timeoutMs: 150_000,
    });
  t.teardown(() => deploy('stop_monitoring'));
  const report = () => {
    const names = readdirSync(join(dataDir, 'reports')).filter((name) => name.startsWith('rollback-'));
    return readFileSync(join(dataDir, 'reports', names.toSorted().at(-1) ?? ''), 'utf8');
  };
  return {
    ...{ checkout, dataDir, existing, telegram, deploy, report },
    /** All programs say so themselves, and Prometheus sees nothing that a watcher would act on. */
    isCalm: async () => {
      const [exporter, bridge, alerts] = await Promise.all([
        call({ url: `http://127.0.0.1:${addresses.exporter.port}/health` }),
        call({ url: `http://127.0.0.1:${addresses['alert-bridge'].port}/ready` }),
        readAlerts(`http://127.0.0.1:${addresses.prometheus.port}`),
      ]);
      return exporter.status === 200 && bridge.status === 200 && alerts.isAnswering && alerts.faults.length === 0;
    },
    alertmanager: `http://127.0.0.1:${addresses.alertmanager.port}/api/v2`,
    watch: (...args: readonly string[]) => deploy('rollback', '--watch', '--patience-seconds', '1', ...args),
    /** What the watcher told, without what the bridge tells the same chat. */
    told: () => {
      const texts = telegram.messages.filter(({ chatId }) => chatId === '200').map(({ text }) => text);
      return texts.filter((text) => /ROLL|ALERTING/.test(text));
    },
  };
}

t.test('an existing service that fails is left alone, and then this stack leaves', async (t) => {
  const { existing, telegram, dataDir, deploy, watch, isCalm, told, report, alertmanager } = await openDeployment(t);
  const started = await deploy('start_monitoring');
  t.equal(started.code, EXIT.ok, `${started.stdout}${started.stderr}`);
  await waitUntil('the stack is calm', isCalm, 60_000);
  const calm = await watch('--once');
  t.equal(calm.code, EXIT.ok, `${calm.stdout}${calm.stderr}`);
  t.same(told(), [], 'nothing to say while all is well');

  existing.setAnswer('/health', () => ({ status: 500, body: {} }));
  t.equal((await watch('--once')).code, EXIT.warning);
  const { json } = await call({ url: `${alertmanager}/silences` });
  t.match(json, [
    {
      createdBy: 'automatic roll-back',
      matchers: [
        { name: 'priority', value: 'low|medium', isRegex: true },
        { name: 'alertname', value: 'Watchdog', isEqual: false },
      ],
    },
  ]);

  const calls = () => existing.requests.filter(({ path }) => path === '/multi_oi').length;
  await waitUntil('the exporter has asked', () => calls() > 0, 60_000);
  const before = calls();
  const acted = await watch('--until-rolled-back');

  t.equal(acted.code, EXIT.critical, `${acted.stdout}${acted.stderr}`);
  t.equal(calls(), before, 'an exporter that was renewed would have asked at once');
  const story = told();
  t.match(
    story[0],
    /ROLL-BACK WATCH, step 1 of 3: endpoint\n.+status 500\nAlerts of low and medium priority are held back/,
  );
  t.match(story[1], /step 2 of 3: endpoint\n.+\nThe exporter no longer calls the existing service/);
  t.match(story[2], /ROLLED BACK: endpoint\n.+\nThe stack was stopped in \d+\.\d s[\s\S]+ALERTING IS OFF since/);
  t.equal(story.length, 3);
  for (const text of story) t.ok(text.length < 500, `${text.length} characters`);
  t.ok(Number(/stopped in (\d+\.\d) s/.exec(story[2] ?? '')?.[1]) < 30);
  t.match(report(), /first step begun: \d+\.\d s \(limit 60\.0 s\): in time/);
  t.match(report(), /the host is as it was before the start/);
  t.notMatch(report(), /test-token/);
  t.equal((await deploy('health_check')).code, EXIT.notRunning);
  t.ok(existsSync(join(dataDir, 'bridge', 'outbox.sqlite')), 'no data was thrown away');

  const messages = telegram.messages.length;
  const requests = existing.requests.length;
  t.equal((await watch('--once')).code, EXIT.critical, 'it is still off');
  t.equal(telegram.messages.length, messages, 'and nothing is done or told twice');
  t.equal(existing.requests.length, requests, 'nor is the existing service asked anything');
});

t.test('damaged data come back from the newest sound point, and a breach switches off at once', async (t) => {
  const { checkout, dataDir, deploy, watch, told, report, alertmanager } = await openDeployment(t);
  t.equal((await deploy('start_monitoring')).code, EXIT.ok);
  t.equal((await deploy('rollback', '--create', 'good')).code, EXIT.ok);

  // Somebody damages the bridge's database behind its back, journal and all.
  for (const suffix of ['', '-wal']) {
    const path = join(dataDir, 'bridge', `outbox.sqlite${suffix}`);
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0xa5), { flag: 'r+' });
  }
  const restored = await watch('--once');
  t.match(
    told(),
    [/ROLLED BACK: corruption\n.+\nRolled back to good in \d+\.\d s\. Alerting runs\.$/],
    restored.stdout,
  );
  t.equal(inspectDatabase(join(dataDir, 'bridge', 'outbox.sqlite')).integrity, 'ok');
  t.equal(restored.code, EXIT.warning);

  const silence = {
    matchers: [{ name: 'symbol', value: 'BTC', isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...{ createdBy: 'mallory (Telegram 666)', comment: 'quiet' },
  };
  t.equal((await call({ url: `${alertmanager}/silences`, method: 'POST', body: silence })).status, 200);
  t.match(await watchStrangers(alertmanager.replace('/api/v2', ''), [100]).look(), [{ trigger: 'breach' }]);
  appendFileSync(join(checkout, 'alertmanager', 'alertmanager.yml'), '# announced by nobody\n');
  t.equal((await watch('--once')).code, EXIT.critical);
  t.match(told().at(-1), /ROLLED BACK: breach\n.+nobody had announced it: alertmanager\/alertmanager\.yml\n/);
  t.match(report(), /first step begun: \d+\.\d s \(limit 10\.0 s\): in time/);
});

t.test('a watcher is alone, leaves an announced edit alone, and rolls back when it is asked to', async (t) => {
  const { checkout, dataDir, deploy, watch, told } = await openDeployment(t);
  t.equal((await deploy('start_monitoring')).code, EXIT.ok);
  const watching = watch('--until-rolled-back');
  await waitUntil('it watches', () => existsSync(join(dataDir, 'operations', 'rollback-watch.pid')), 60_000);
  t.equal((await watch('--once')).code, EXIT.refused);

  t.equal((await deploy('rollback', '--edit', '5')).code, EXIT.ok);
  appendFileSync(join(checkout, 'prometheus', 'rules', 'liquidations.yml'), '# announced\n');
  t.equal((await deploy('rollback', '--seal')).code, EXIT.ok);
  const asked = await watch('--now', 'a drill');

  t.match(asked.stdout, /the running watcher was told/);
  t.equal((await watching).code, EXIT.critical);
  t.match(told(), [/ROLLED BACK: manual\nasked for by hand: a drill/]);
});
