// The stack as programs on this machine: `npm start` in the background, with its state in DATA_DIR.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, errorText } from '../../common/errors.ts';
import { isAlive, readRunState } from '../../engines/run-state.ts';
import { loadNativeSettings, reachableAt, SERVICE_NAMES, type ServiceName } from '../../engines/stack-settings.ts';
import { bundleServices, isStale } from '../../scripts/bundle.ts';
import { checkPorts } from '../../supervisor/preflight.ts';
import { waitUntilReady } from '../../supervisor/readiness.ts';
import { critical, ok } from '../check-result.ts';
import { memoryCheck } from '../checks/memory.ts';
import { configurationCheck } from '../checks/native-configuration.ts';
import { backUpDatabase, putDatabase } from '../points/sqlite-backup.ts';
import { stageInForce } from '../rollout/stage-in-force.ts';
import type { PartState, Site, Stack } from './stack.ts';
import { stopSupervisor, supervisorPid } from './supervisor-process.ts';

/** What the four programs need together, measured under load: profile `core` of the compose file. */
const BUDGET_MB = 256;
const START_LIMIT_MS = 120_000;
const STATE_FOLDERS = ['bridge', 'prometheus', 'alertmanager', 'run', 'logs', 'secrets'];

/** @throws AppError CONFIG_INVALID */
export function createNativeStack(site: Site): Stack {
  const { checkout, environment, say } = site;
  const settings = loadNativeSettings(environment, checkout);
  const { dataDir, addresses } = settings;
  const database = join(dataDir, 'bridge', 'outbox.sqlite');
  const isRunning = async () => supervisorPid(dataDir) !== undefined;

  function launch(program: string, args: readonly string[], signal: AbortSignal): { readonly ended: Promise<number> } {
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    const settings = { ...environment, ...stageInForce(dataDir) };
    const log = openSync(join(dataDir, 'logs', 'stack.log'), 'w');
    const child = spawn(process.execPath, [join(checkout, program), ...args], {
      cwd: checkout,
      detached: true,
      stdio: ['ignore', log, log],
      env: settings,
    });
    closeSync(log);
    child.unref();
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    const ended = new Promise<number>((resolve) => {
      child.once('error', () => resolve(127));
      child.once('exit', (code) => resolve(code ?? 1));
    });
    return { ended };
  }

  /** Polls until the named parts answer, the program has ended, or the time is up. */
  async function answering(names: readonly ServiceName[], ended: Promise<number>, signal: AbortSignal): Promise<void> {
    const giveUp = new AbortController();
    const limit = AbortSignal.any([signal, giveUp.signal, AbortSignal.timeout(START_LIMIT_MS)]);
    const failed = ended.then(() => 'ended' as const);
    const waits = waitUntilReady({ addresses, say, signal: limit, names }).then(() => 'ready' as const);
    const outcome = await Promise.race([waits, failed]);
    const isDone = outcome === 'ready' && !limit.aborted;
    giveUp.abort();
    if (isDone) return;
    const words = lastLines(join(dataDir, 'logs', 'stack.log'));
    throw new AppError('START_FAILED', `the stack did not come up:\n${words}`);
  }

  async function renew(name: ServiceName, signal: AbortSignal): Promise<void> {
    const before = readRunState(dataDir)?.pids[name];
    if (isStale(checkout)) await bundleServices(checkout);
    if (before !== undefined && isAlive(before)) process.kill(before, 'SIGTERM');
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    while (!deadline.aborted && (readRunState(dataDir)?.pids[name] ?? before) === before) await delay(50);
    await answering([name], new Promise(() => undefined), deadline);
  }

  return {
    mode: 'native',
    parts: SERVICE_NAMES,
    urls: Object.fromEntries(SERVICE_NAMES.map((name) => [name, `http://${reachableAt(addresses[name])}`])),
    dataDir,
    limitMb: BUDGET_MB,
    checks: (only) => [
      async () => {
        if (await isRunning()) return ok('ports', 'the stack runs already and holds them');
        try {
          await checkPorts(
            settings,
            only === undefined ? SERVICE_NAMES : SERVICE_NAMES.filter((name) => name === only),
          );
          return ok('ports', 'free');
        } catch (error) {
          return critical('ports', errorText(error), 'free the port, or choose another in .env');
        }
      },
      () => memoryCheck({ neededMb: BUDGET_MB, why: `the four programs need ${BUDGET_MB} MB` }),
      () => configurationCheck(site, settings),
    ],
    plan: (only) => [
      only === undefined
        ? `start exporter, alert-bridge, Prometheus and Alertmanager in the background, state in ${dataDir}`
        : `start ${only} alone; where the stack runs, renew ${only} from the checkout and leave the others up`,
    ],
    isRunning,
    async states(): Promise<readonly PartState[]> {
      const state = readRunState(dataDir);
      const isUp = await isRunning();
      if (state === undefined || (!isUp && Object.keys(state.pids).length === 0)) return [];
      return SERVICE_NAMES.filter((name) => isUp || state.pids[name] !== undefined).map((name) => {
        const pid = state.pids[name];
        return { name, isUp: isAlive(pid), detail: pid === undefined ? 'not started' : `process ${pid}` };
      });
    },
    async start(only, signal) {
      const part = SERVICE_NAMES.find((name) => name === only);
      if ((await isRunning()) && part !== undefined) return renew(part, signal);
      if (await isRunning()) return;
      const program = part === undefined ? 'supervisor/main.ts' : 'operations/stack/native-part.ts';
      const { ended } = launch(program, part === undefined ? [] : [part], signal);
      await answering(part === undefined ? SERVICE_NAMES : [part], ended, signal);
    },
    // The supervisor hands its own environment on: the programs start again as a whole, which takes a few seconds.
    async stopCallingExisting(signal) {
      await stopSupervisor(dataDir);
      const alone = createNativeStack({ ...site, environment: { ...environment, MARKET_DATA_URL: '' } });
      await alone.start(undefined, signal);
    },
    async stop(withData) {
      await stopSupervisor(dataDir);
      if (withData) for (const folder of STATE_FOLDERS) rmSync(join(dataDir, folder), { recursive: true, force: true });
    },
    async webhookToken() {
      const path = readRunState(dataDir)?.webhookTokenFile ?? join(dataDir, 'secrets', 'webhook-token');
      try {
        return readFileSync(path, 'utf8').trim();
      } catch (cause) {
        throw new AppError('TOKEN_UNREADABLE', `${path} cannot be read (${errorText(cause)})`, { cause });
      }
    },
    // The bundles, which a roll-back point holds as files, are what images are elsewhere.
    images: async () => [],
    restoreImages: async () => undefined,
    copyDatabase: async (target) => existsSync(database) && (await backUpDatabase(database, target)),
    replaceDatabase: async (source) => putDatabase(source, database),
    logs: async () =>
      Object.fromEntries([...SERVICE_NAMES, 'stack'].map((name) => [name, join(dataDir, 'logs', `${name}.log`)])),
  };
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-12).join('\n');
}
