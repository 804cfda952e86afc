// The whole native stack, from the first check to the last program's end. `npm start` and `npm run demo` both run it.
import { type Clock, createSystemClock } from '../common/clock.ts';
import type { Environment } from '../common/env.ts';
import { type Engines, findEngines } from '../engines/find-engines.ts';
import { reloadEngines } from '../engines/reload.ts';
import { renderConfig } from '../engines/render-config.ts';
import { waitForLeftovers, writeRunState } from '../engines/run-state.ts';
import { loadNativeSettings, type NativeSettings, reachableAt, tablePath } from '../engines/stack-settings.ts';
import { bundleServices, isStale } from '../scripts/bundle.ts';
import { describeEvent, describeStack } from './announce.ts';
import { serviceSpecs } from './commands.ts';
import { lockData } from './data-lock.ts';
import { watchHealth } from './health-watch.ts';
import { checkConfigurations, checkPorts, checkRules, prepareDataDirectory } from './preflight.ts';
import { waitUntilReady } from './readiness.ts';
import { webhookTokenFile } from './secrets.ts';
import type { ServiceEvent } from './service.ts';
import { superviseServices } from './supervisor.ts';
import { watchTable } from './table-watch.ts';

export interface StackOptions {
  readonly checkout: string;
  readonly environment: Environment;
  readonly say: (line: string) => void;
  /** Loaders of both services' configuration, so that their faults show before anything starts. */
  readonly configLoaders: readonly ((environment: Environment) => unknown)[];
  /** Called with everything checked and nothing started yet; the demo prepares its data here. */
  readonly prepare?: (settings: NativeSettings, engines: Engines) => Promise<void>;
  /** Called when all four programs answer; runs beside them until the signal aborts. */
  readonly accompany?: (settings: NativeSettings) => Promise<void>;
  /** Aborts to stop; `runStack` resolves when everything has ended. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** @throws AppError for every obstacle to a start, before a program of the stack has been started. */
export async function runStack(options: StackOptions): Promise<void> {
  const { checkout, environment, say, configLoaders, signal, clock = createSystemClock() } = options;
  checkConfigurations([
    () => loadNativeSettings(environment, checkout),
    ...configLoaders.map((load) => () => load(environment)),
  ]);
  const settings = loadNativeSettings(environment, checkout);
  prepareDataDirectory(settings.dataDir);
  const lock = lockData(`${settings.dataDir}/run`);
  try {
    await waitForLeftovers(settings.dataDir, say);
    await checkPorts(settings);
    const engines = await findEngines({ cacheDir: settings.cacheDir, log: say });
    await checkRules(engines.promtool, checkout, say);
    if (isStale(checkout)) {
      say('building exporter and alert-bridge …');
      await bundleServices(checkout);
    }
    await options.prepare?.(settings, engines);
    const tokenFile = webhookTokenFile(environment, settings.dataDir);
    const config = renderConfig(settings, tokenFile);
    if (signal.aborted) return;
    const { prometheus, alertmanager } = engines.versions;
    say(`starting exporter, alert-bridge, Prometheus ${prometheus} and Alertmanager ${alertmanager} …`);
    const specs = serviceSpecs({ settings, engines, config, environment, webhookTokenFile: tokenFile });
    const supervisor = superviseServices({ specs, clock, onEvent });
    const state = {
      addresses: settings.addresses,
      environmentLabel: settings.environmentLabel,
      webhookTokenFile: tokenFile,
    };

    function onEvent(event: ServiceEvent): void {
      const words = describeEvent(event);
      if (words !== undefined && !signal.aborted) say(words);
      // A tick later, because the first events come before the supervisor has been returned.
      if (event.type !== 'line') setImmediate(() => writeRunState(settings, { ...state, pids: supervisor.pids() }));
    }

    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await waitUntilReady({ addresses: settings.addresses, say, signal });
    if (!signal.aborted) say(describeStack(settings));
    const watching = watchHealth({
      exporterUrl: `http://${reachableAt(settings.addresses.exporter)}`,
      bridgeUrl: `http://${reachableAt(settings.addresses['alert-bridge'])}`,
      say,
      signal,
    });
    const table = watchTable({
      path: tablePath(checkout),
      reload: () => reloadEngines({ checkout, dataDir: settings.dataDir, engines, say }),
      say,
      signal,
    });
    const accompanied = signal.aborted ? undefined : options.accompany?.(settings);
    if (!signal.aborted) await aborted;
    say('stopping …');
    await Promise.all([supervisor.stop(), watching, table, accompanied]);
    writeRunState(settings, { ...state, pids: {} });
    say('stopped');
  } finally {
    lock.release();
  }
}
