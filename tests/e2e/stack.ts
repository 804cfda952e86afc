// The real chain for a test: exporter and bridge as processes of their own from source, so that their coverage counts, real
// Prometheus and Alertmanager configured as `npm start` configures them, simulators at both ends. Free ports, a data
// directory of its own; several stacks may run side by side. Whatever was started here ends with the test.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { createSystemClock } from '../../common/clock.ts';
import type { Environment } from '../../common/env.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { type RenderedConfig, renderConfig } from '../../engines/render-config.ts';
import { loadNativeSettings, portVariables, type ServiceName } from '../../engines/stack-settings.ts';
import {
  startTelegramSimulator,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
} from '../../simulators/telegram/telegram-simulator.ts';
import { startVenues, type Venues } from '../../simulators/venues/start-venues.ts';
import { serviceSpecs } from '../../supervisor/commands.ts';
import { type DemoMarket, writeHistory } from '../../supervisor/demo/history.ts';
import { prepareDataDirectory } from '../../supervisor/preflight.ts';
import { waitUntilReady } from '../../supervisor/readiness.ts';
import { webhookTokenFile } from '../../supervisor/secrets.ts';
import type { ServiceSpec } from '../../supervisor/service.ts';
import { superviseServices } from '../../supervisor/supervisor.ts';
import { waitUntil } from '../support/waiting.ts';

export const MARKET_CHAT = '100';
export const STACK_CHAT = '200';

/** Chain tests start four programs and wait for alerts to live and end. */
export const CHAIN_TIMEOUT_MS = 240_000;

const CHECKOUT = dirname(dirname(import.meta.dirname));

const SOURCES: Readonly<Partial<Record<ServiceName, string>>> = {
  exporter: join(CHECKOUT, 'exporter', 'main.ts'),
  'alert-bridge': join(CHECKOUT, 'alert-bridge', 'main.ts'),
};

/** Of the test's own environment only what a program needs to run, and to tell what it covered. */
const PASSED_ON = /^(PATH|HOME|TZ|LANG|TMPDIR|NODE_\w+|_TAPJS_\w+)$/;

export interface StackWishes {
  /** Stand-ins shared with another stack; started and closed here where absent. */
  readonly venues?: Venues;
  readonly telegram?: TelegramSimulatorOptions;
  readonly environment?: Environment;
  /** Twenty minutes of open interest and prices before the test, written into Prometheus' store. */
  readonly history?: readonly DemoMarket[];
  /** What Prometheus must see before the test begins; all six feeds live where absent. */
  readonly liveWhen?: string;
  /** Folder below the test's own; needed where one test starts several stacks. */
  readonly name?: string;
  /** Changes the engines' configuration before they start. */
  readonly adapt?: (config: RenderedConfig) => void | Promise<void>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Course {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

export interface E2eStack {
  readonly venues: Venues;
  readonly telegram: TelegramSimulator;
  readonly dataDir: string;
  url(name: ServiceName): string;
  /** Kills a program with SIGKILL and resolves when its next life answers. */
  restart(name: ServiceName): Promise<void>;
  /** Kills a program; the supervisor starts it again within a second or two. */
  kill(name: ServiceName): void;
  /** Sends a program any other signal. */
  signal(name: ServiceName, signal: NodeJS.Signals): void;
  /** The secret between Alertmanager and the bridge, in its file. */
  readonly tokenFile: string;
  /** An instant query of Prometheus. */
  query(expression: string): Promise<readonly Sample[]>;
  /** Every value since the stack was started, second by second. */
  queryRange(expression: string): Promise<readonly Course[]>;
  /** Polls Prometheus until the expression has a result. @throws Error after `limitMs` */
  waitForQuery(expression: string, limitMs?: number): Promise<readonly Sample[]>;
  /** What the four programs said, oldest first: `exporter: {…}`. */
  readonly lines: readonly string[];
}

/** Resolves when all feeds are live, Prometheus has seen them, and the thresholds are there to be compared with. */
export async function startStack(t: Test, wishes: StackWishes = {}): Promise<E2eStack> {
  const venues = wishes.venues ?? (await startVenues());
  if (!wishes.venues) t.teardown(() => venues.close());
  const telegram = await startTelegramSimulator(wishes.telegram);
  t.teardown(() => telegram.close());

  const environment: Environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
    ...portVariables(await freeAddresses()),
    ...venues.environment(),
    DATA_DIR: join(t.testdir(), wishes.name ?? 'data'),
    ENVIRONMENT: 'test',
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: MARKET_CHAT,
    TELEGRAM_STACK_CHAT_ID: STACK_CHAT,
    TELEGRAM_API_URL: telegram.url,
    // The simulators have no budget to keep.
    OI_POLL_SECONDS: '2',
    OI_REQUESTS_PER_HOUR: '100000',
    ...wishes.environment,
  };
  const settings = loadNativeSettings(environment, CHECKOUT);
  const { dataDir } = settings;
  prepareDataDirectory(dataDir);
  const engines = await findEngines({ cacheDir: settings.cacheDir, log: (line) => t.comment(line) });
  if (wishes.history) await writeHistory(engines.promtool, settings, wishes.history, Date.now() / 1_000);
  const tokenFile = webhookTokenFile(environment, dataDir);
  const config = renderConfig(settings, tokenFile);
  await wishes.adapt?.(config);
  const specs = fromSource(serviceSpecs({ settings, engines, config, environment, webhookTokenFile: tokenFile }));
  const lines: string[] = [];
  const startedAt = Date.now();
  const supervisor = superviseServices({
    specs,
    clock: createSystemClock(),
    onEvent(event) {
      if (event.type === 'line') lines.push(`${event.name}: ${event.text}`);
      else lines.push(JSON.stringify(event));
    },
  });
  const giveUp = new AbortController();
  t.teardown(async () => {
    giveUp.abort();
    await supervisor.stop();
    // The store of Prometheus is large, and a folder of fixtures that stays behind looks like a leak.
    if (existsSync(dataDir)) rmSync(dataDir, { recursive: true, force: true });
  });

  const url = (name: ServiceName) => `http://127.0.0.1:${settings.addresses[name].port}`;
  const ready = () => waitUntilReady({ addresses: settings.addresses, say: () => {}, signal: giveUp.signal });
  const pidOf = (name: ServiceName): number => {
    const pid = supervisor.pids()[name];
    if (pid === undefined) throw new Error(`${name} is between two lives`);
    return pid;
  };
  const stack: E2eStack = {
    venues,
    telegram,
    dataDir,
    tokenFile,
    lines,
    url,
    query: (expression) => queryPrometheus(url('prometheus'), expression),
    queryRange: (expression) => queryCourse(url('prometheus'), expression, startedAt),
    async waitForQuery(expression, limitMs = 30_000) {
      let samples: readonly Sample[] = [];
      await waitUntil(
        `${expression} has a result; last lines:\n${lines.slice(-20).join('\n')}`,
        async () => {
          samples = await stack.query(expression).catch(() => []);
          return samples.length > 0;
        },
        limitMs,
      );
      return samples;
    },
    kill: (name) => process.kill(pidOf(name), 'SIGKILL'),
    signal: (name, signal) => process.kill(pidOf(name), signal),
    async restart(name) {
      const victim = pidOf(name);
      process.kill(victim, 'SIGKILL');
      await waitUntil(`${name} has another life`, () => (supervisor.pids()[name] ?? victim) !== victim, 30_000);
      await ready();
      // What it remembers must not be taken for what it sees: only a scrape of its new life counts.
      const isNew = `timestamp(up{job="exporter-alerting"}) > ${Date.now() / 1_000}`;
      if (name === 'prometheus') await stack.waitForQuery(isNew);
    },
  };
  await ready();
  await stack.waitForQuery(wishes.liveWhen ?? 'count(derivatives_feed_connected == 1) == 6', 60_000);
  await stack.waitForQuery(
    'count(symbol:single_large_usd:threshold) >= 3 and count(symbol:cascade_count:threshold) >= 3',
  );
  return stack;
}

/** The same command lines, with the sources in the place of the bundles. */
function fromSource(specs: Readonly<Record<ServiceName, ServiceSpec>>): Readonly<Record<ServiceName, ServiceSpec>> {
  const replace = (name: ServiceName): ServiceSpec => {
    const spec = specs[name];
    const source = SOURCES[name];
    return source === undefined ? spec : { ...spec, args: [...spec.args.slice(0, -1), source] };
  };
  return {
    exporter: replace('exporter'),
    'alert-bridge': replace('alert-bridge'),
    prometheus: replace('prometheus'),
    alertmanager: replace('alertmanager'),
  };
}

interface Series {
  readonly metric: Sample['labels'];
  readonly value?: readonly [at: number, value: string];
  readonly values?: readonly (readonly [at: number, value: string])[];
}

async function queryPrometheus(base: string, expression: string): Promise<readonly Sample[]> {
  const series = await ask(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
  return series.map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }));
}

async function queryCourse(base: string, expression: string, sinceMs: number): Promise<readonly Course[]> {
  const range = `start=${sinceMs / 1_000}&end=${Date.now() / 1_000}&step=1`;
  const series = await ask(`${base}/api/v1/query_range?query=${encodeURIComponent(expression)}&${range}`);
  return series.map(({ metric, values = [] }) => ({
    labels: metric,
    values: values.map(([, value]) => Number(value)),
  }));
}

async function ask(url: string): Promise<readonly Series[]> {
  const response = await fetch(url);
  const answer: { readonly data?: { readonly result?: readonly Series[] }; readonly error?: string } = JSON.parse(
    await response.text(),
  );
  if (!answer.data) throw new Error(`${url}: ${answer.error}`);
  return answer.data.result ?? [];
}
