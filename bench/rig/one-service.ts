// One of our two services alone, as a process with the very command line of `npm start`, in a folder that goes away.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../../common/env.ts';
import { spawnWithParentWatch } from '../../common/parent-watch.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { loadNativeSettings, PORT_VARIABLES, reachableAt, SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { serviceSpecs } from '../../supervisor/commands.ts';
import { prepareDataDirectory } from '../../supervisor/preflight.ts';
import { CHECKOUT } from './chain.ts';

export interface OneService {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  stop(): Promise<void>;
}

export const BENCH_WEBHOOK_TOKEN = 'bench-webhook-token';

/** Nothing runs them here, so nothing has to find them. */
const NO_ENGINES = { prometheus: '', promtool: '', alertmanager: '', amtool: '' };
const UP_WITHIN_MS = 15_000;

/** Resolves when it answers. @throws Error with its last words when it does not. */
export async function startOne(name: 'exporter' | 'alert-bridge', environment: Environment): Promise<OneService> {
  const cacheDir = join(CHECKOUT, '.cache', 'bench');
  mkdirSync(cacheDir, { recursive: true });
  const dataDir = mkdtempSync(join(cacheDir, `${name}-`));
  const addresses = await freeAddresses();
  const complete: Environment = {
    PATH: process.env.PATH,
    MONITORING_LOG_LEVEL: 'warn',
    BRIDGE_WEBHOOK_TOKEN: BENCH_WEBHOOK_TOKEN,
    ...environment,
    DATA_DIR: dataDir,
    ...Object.fromEntries(SERVICE_NAMES.map((service) => [PORT_VARIABLES[service], String(addresses[service].port)])),
  };
  const settings = loadNativeSettings(complete, CHECKOUT);
  prepareDataDirectory(dataDir);
  const specs = serviceSpecs({
    settings,
    engines: { ...NO_ENGINES, versions: NO_ENGINES },
    config: { prometheus: '', alertmanager: '' },
    environment: complete,
    webhookTokenFile: '',
  });
  const program = spawnWithParentWatch(specs[name]);
  let lastWords = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (chunk) => {
      lastWords = `${lastWords}${String(chunk)}`.slice(-500);
    });
  }
  const url = `http://${reachableAt(settings.addresses[name])}`;
  async function stop(): Promise<void> {
    program.kill('SIGTERM');
    await program.ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
  const until = performance.now() + UP_WITHIN_MS;
  while ((await fetch(`${url}/health`).catch(() => undefined))?.status !== 200) {
    if (performance.now() > until) {
      await stop();
      throw new Error(`${name} did not come up: ${lastWords.trim()}`);
    }
    await delay(20);
  }
  return { url, pid: program.pid, dataDir, stop };
}
