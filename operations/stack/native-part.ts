// One part of the stack alone, in the foreground: `native-part.ts exporter`. Started by `start_monitoring.sh --native --only`.
import { dirname } from 'node:path';
import { createSystemClock } from '../../common/clock.ts';
import { commandLine, usageError } from '../../common/command-line.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { renderConfig } from '../../engines/render-config.ts';
import { waitForLeftovers, writeRunState } from '../../engines/run-state.ts';
import { loadNativeSettings, SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { bundleServices, isStale } from '../../scripts/bundle.ts';
import { serviceSpecs } from '../../supervisor/commands.ts';
import { lockData } from '../../supervisor/data-lock.ts';
import { runInForeground } from '../../supervisor/foreground.ts';
import { checkConfigurations, checkPorts, prepareDataDirectory } from '../../supervisor/preflight.ts';
import { webhookTokenFile } from '../../supervisor/secrets.ts';
import { startService } from '../../supervisor/service.ts';
import { configLoaders } from '../../supervisor/service-configs.ts';
import { readUserEnvironment } from '../../supervisor/user-environment.ts';

const COMMAND = {
  name: 'node operations/stack/native-part.ts',
  purpose: 'One part of the stack alone, in the foreground. Started by start_monitoring.sh --native --only PART.',
  words: 'PART',
} as const;
const [asked] = commandLine(COMMAND).words;
const checkout = dirname(dirname(import.meta.dirname));
const say = (line: string) => console.log(line);
const STOP_GRACE_MS = 8_000;

await runInForeground(async (signal) => {
  const part = SERVICE_NAMES.find((name) => name === asked);
  if (part === undefined) throw usageError(COMMAND, `name one of ${SERVICE_NAMES.join(', ')}`);
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
