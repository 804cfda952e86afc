// The canary on its whole way, through the real engines with the shipped configuration; its rule fires every eight seconds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createSystemClock } from '../../../common/clock.ts';
import { findEngines } from '../../../engines/find-engines.ts';
import { freeAddresses } from '../../../engines/free-addresses.ts';
import { renderConfig } from '../../../engines/render-config.ts';
import { loadNativeSettings, portVariables } from '../../../engines/stack-settings.ts';
import { serviceSpecs } from '../../../supervisor/commands.ts';
import { prepareDataDirectory } from '../../../supervisor/preflight.ts';
import { webhookTokenFile } from '../../../supervisor/secrets.ts';
import { waitUntil } from '../../support/waiting.ts';
import { runBridge, WEBHOOK_TOKEN } from '../support/running-bridge.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');
const WITHIN_MS = 90_000;

t.setTimeout(240_000);

t.test('a new canary arrives again and again, is measured, and reaches nobody', async (t) => {
  const folder = t.testdir();
  const addresses = await freeAddresses();
  const environment = {
    PATH: process.env.PATH,
    DATA_DIR: join(folder, 'data'),
    BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
    ...portVariables(addresses),
  };
  const settings = loadNativeSettings(environment, CHECKOUT);
  prepareDataDirectory(settings.dataDir);
  const engines = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  const tokenFile = webhookTokenFile(environment, settings.dataDir);
  const config = renderConfig(settings, tokenFile);

  const rules = join(folder, 'rules');
  cpSync(join(CHECKOUT, 'prometheus', 'rules', 'stack-canary.yml'), join(rules, 'stack-canary.yml'));
  const canaryRule = readFileSync(join(rules, 'stack-canary.yml'), 'utf8');
  const hastened = canaryRule.replace('interval: 5s', 'interval: 1s').replace('% 300) < 60', '% 8) < 3');
  t.not(hastened, canaryRule);
  writeFileSync(join(rules, 'stack-canary.yml'), hastened);
  const prometheusConfig = readFileSync(config.prometheus, 'utf8');
  writeFileSync(config.prometheus, prometheusConfig.replace(join(CHECKOUT, 'prometheus', 'rules'), rules));

  const { metric, telegram } = await runBridge(t, {
    environment: { DATA_DIR: join(folder, 'bridge'), BRIDGE_PORT: String(addresses['alert-bridge'].port) },
    clock: createSystemClock(),
  });
  const specs = serviceSpecs({ settings, engines, config, environment, webhookTokenFile: tokenFile });
  for (const { command, args, env } of [specs.alertmanager, specs.prometheus]) {
    const child = spawn(command, args, { env, stdio: 'ignore' });
    t.teardown(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
  }

  const arrived = async () => (await metric('alertbridge_canary_latency_seconds_count')) ?? 0;
  await waitUntil('two canaries', async () => (await arrived()) >= 2, WITHIN_MS);
  const firstSeenAt = Number(await metric('alertbridge_canary_timestamp_seconds'));
  await waitUntil(
    'a later one',
    async () => Number(await metric('alertbridge_canary_timestamp_seconds')) > firstSeenAt,
    WITHIN_MS,
  );
  t.ok(Number(await metric('alertbridge_canary_latency_seconds_sum')) > 0);
  t.notOk(telegram.messages.some(({ text }) => /canary/i.test(text)));
});
