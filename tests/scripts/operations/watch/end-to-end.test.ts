// The watcher on a real stack: an existing service that fails makes it climb the whole ladder, tell every step on Telegram
// itself, and leave the existing service alone; and a second fault does nothing twice.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { freeAddresses } from '../../../../scripts/native/free-addresses.ts';
import { PORT_VARIABLES, SERVICE_NAMES } from '../../../../scripts/native/settings.ts';
import { EXIT } from '../../../../scripts/operations/exit-codes.ts';
import { runExternal } from '../../../../scripts/operations/external.ts';
import { startExistingSystem } from '../../../stand-ins/existing-system/stand-in.ts';
import { startTelegramStandIn } from '../../../stand-ins/telegram/stand-in.ts';
import { startVenues } from '../../../stand-ins/venues/start-venues.ts';
import { scratchCheckout } from '../scratch-checkout.ts';

t.setTimeout(240_000);

t.test('an existing service that fails is left alone, and then this stack leaves', async (t) => {
  const [venues, existing, telegram] = await Promise.all([
    startVenues(),
    startExistingSystem({ serviceMs: 5 }),
    startTelegramStandIn(),
  ]);
  t.teardown(() => Promise.all([venues.close(), existing.close(), telegram.close()]));
  const checkout = scratchCheckout(t);
  const dataDir = join(checkout, 'data');
  const addresses = await freeAddresses();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...venues.environment(),
    ...Object.fromEntries(SERVICE_NAMES.map((name) => [PORT_VARIABLES[name], String(addresses[name].port)])),
    DATA_DIR: dataDir,
    MARKET_DATA_URL: existing.url,
    SYMBOLS: 'BTC',
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: '100',
    TELEGRAM_STACK_CHAT_ID: '200',
    TELEGRAM_API_URL: telegram.url,
    AUTO_ROLLBACK: 'on',
  };
  const deploy = (name: string, ...args: readonly string[]) =>
    runExternal([join(checkout, 'scripts', 'deployment', `${name}.sh`), '--native', ...args], {
      env,
      timeoutMs: 150_000,
    });
  const watch = (...args: readonly string[]) => deploy('rollback', '--watch', '--patience-seconds', '1', ...args);
  t.teardown(() => deploy('stop_monitoring'));
  const told = () => telegram.messages.filter(({ chatId }) => chatId === '200').map(({ text }) => text);

  const started = await deploy('start_monitoring');
  t.equal(started.code, EXIT.ok, `${started.stdout}${started.stderr}`);
  const calm = await watch('--once');
  t.equal(calm.code, EXIT.ok, `${calm.stdout}${calm.stderr}`);
  t.same(told(), [], 'nothing to say while all is well');

  existing.setAnswer('/health', () => ({ status: 500, body: {} }));
  const acted = await watch('--until-rolled-back');

  t.equal(acted.code, EXIT.critical, `${acted.stdout}${acted.stderr}`);
  const story = told().filter((text) => /ROLL/.test(text));
  t.match(
    story[0],
    /ROLL-BACK WATCH, step 1 of 3: endpoint\n.+status 500\nAlerts of low and medium priority are held back/,
  );
  t.match(story[1], /step 2 of 3: endpoint\n.+\nThe exporter no longer calls the existing service/);
  t.match(story[2], /ROLLED BACK: endpoint\n.+\nThe stack was stopped in \d+\.\d s[\s\S]+ALERTING IS OFF since/);
  t.equal(story.length, 3);
  for (const text of story) t.ok(text.length < 500, `${text.length} characters`);
  t.ok(Number(/stopped in (\d+\.\d) s/.exec(story[2] ?? '')?.[1]) < 30);

  const reports = readdirSync(join(dataDir, 'reports')).filter((name) => name.startsWith('rollback-'));
  t.equal(reports.length, 1);
  const report = readFileSync(join(dataDir, 'reports', reports[0] ?? ''), 'utf8');
  t.match(report, /first step begun: \d+\.\d s \(limit 60\.0 s\): in time/);
  t.match(report, /the host is as it was before the start/);
  t.notMatch(report, /test-token/);
  t.equal((await deploy('health_check')).code, EXIT.notRunning);
  t.ok(existsSync(join(dataDir, 'bridge', 'outbox.sqlite')), 'no data was thrown away');

  const messages = telegram.messages.length;
  const requests = existing.requests.length;
  t.equal((await watch('--once')).code, EXIT.critical, 'it is still off');
  t.equal(telegram.messages.length, messages, 'and nothing is done or told twice');
  t.equal(existing.requests.length, requests, 'nor is the existing service asked anything');
});
