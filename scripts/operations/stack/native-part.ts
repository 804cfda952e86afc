// One part of the stack alone, in the foreground: `native-part.ts exporter`. Started by `start_monitoring.sh --native --only`.
import { dirname } from 'node:path';
import { createSystemClock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import { bundleServices, isStale } from '../../bundle.ts';
import { serviceSpecs } from '../../native/commands.ts';
import { lockData } from '../../native/data-lock.ts';
import { findEngines } from '../../native/engines.ts';
import { runInForeground } from '../../native/foreground.ts';
import { checkConfigurations, checkPorts, prepareDataDirectory } from '../../native/preflight.ts';
import { renderConfig } from '../../native/render.ts';
import { waitForLeftovers, writeRunState } from '../../native/run-state.ts';
import { webhookTokenFile } from '../../native/secrets.ts';
import { startService } from '../../native/service.ts';
import { configLoaders } from '../../native/service-configs.ts';
import { loadNativeSettings, SERVICE_NAMES } from '../../native/settings.ts';
import { readUserEnvironment } from '../../native/user-environment.ts';

const checkout = dirname(dirname(dirname(import.meta.dirname)));
const say = (line: string) => console.log(line);
const STOP_GRACE_MS = 8_000;

await runInForeground(async (signal) => {
  const part = SERVICE_NAMES.find((name) => name === process.argv[2]);
  if (part === undefined) throw new AppError('CONFIG_INVALID', `name one of ${SERVICE_NAMES.join(', ')}`);
  const environment = readUserEnvironment(checkout, process.env, say);
  checkConfigurations(configLoaders.map((load) => () => load(environment)));
  const settings = loadNativeSettings(environment, checkout);
  prepareDataDirectory(settings.dataDir);
  const lock = lockData(`${settings.dataDir}/run`);
  try {
    await waitForLeftovers(settings.dataDir, say);
    await checkPorts(settings, [part]);
    const engines = await findEngines({ cacheDir: settings.cacheDir, log: say });
    if (isStale(checkout)) await bundleServices(checkout);
    const tokenFile = webhookTokenFile(environment, settings.dataDir);
    const config = renderConfig(settings, tokenFile);
    const specs = serviceSpecs({ settings, engines, config, environment, webhookTokenFile: tokenFile });
    const { addresses, environmentLabel } = settings;
    const state = { addresses, environmentLabel, webhookTokenFile: tokenFile };
    const service = startService(specs[part], {
      clock: createSystemClock(),
      onEvent(event) {
        if (event.type === 'started') writeRunState(settings, { ...state, pids: { [part]: event.pid } });
        if (event.type === 'ended') say(`${part} ended: ${event.lastLines.join('\n')}`);
      },
    });
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await service.stop(STOP_GRACE_MS);
    writeRunState(settings, { ...state, pids: {} });
  } finally {
    lock.release();
  }
});
