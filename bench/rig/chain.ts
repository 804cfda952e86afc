// The whole native chain for a benchmark: simulators for venues and Telegram in this process, the four real programs as
// `npm start` runs them beside it, on free ports and a folder of their own that goes away at the end.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '../../common/clock.ts';
import type { Environment } from '../../common/env.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { type RenderedConfig, renderConfig } from '../../engines/render-config.ts';
import {
  loadNativeSettings,
  type NativeSettings,
  portVariables,
  reachableAt,
  type ServiceName,
} from '../../engines/stack-settings.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { serviceSpecs } from '../../supervisor/commands.ts';
import { prepareDataDirectory } from '../../supervisor/preflight.ts';
import { waitUntilReady } from '../../supervisor/readiness.ts';
import { webhookTokenFile } from '../../supervisor/secrets.ts';
import { superviseServices } from '../../supervisor/supervisor.ts';
import type { VenueName } from './market.ts';
import { type BenchVenues, startBenchVenues } from './venues.ts';

export const CHECKOUT = dirname(dirname(import.meta.dirname));

export interface ChainOptions {
  /** What the venues list. */
  readonly symbols: readonly string[];
  /** How many of them a venue lists, where it is not all. */
  readonly most?: Readonly<Partial<Record<VenueName, number>>>;
  readonly environment?: Environment;
  /** Those of the files when absent. */
  readonly intervals?: Intervals | undefined;
}

/** How often what alerts need is scraped and evaluated, as Prometheus writes it: `250ms`. */
export interface Intervals {
  readonly scrape: string;
  readonly rules: string;
}

export interface Chain {
  readonly venues: BenchVenues;
  readonly telegram: TelegramSimulator;
  readonly dataDir: string;
  /** From the first program started to all feeds live. */
  readonly startupMs: number;
  /** `http://host:port` of a service. */
  url(name: ServiceName): string;
  /** @throws Error when the service is not running. */
  pid(name: ServiceName): number;
  /** Times that a program of the chain ended unasked. */
  readonly crashes: () => number;
  stop(): Promise<void>;
}

const FEEDS_WITHIN_MS = 30_000;
/** The first rounds of scrapes and rules, and the connections between the programs. */
const SETTLE_MS = 3_000;

/** @throws Error when the feeds do not come up, and whatever keeps `npm start` from starting. */
export async function startChain({ symbols, most, environment = {}, intervals }: ChainOptions): Promise<Chain> {
  const cacheDir = join(CHECKOUT, '.cache', 'bench');
  mkdirSync(cacheDir, { recursive: true });
  const dataDir = mkdtempSync(join(cacheDir, 'chain-'));
  const venues = await startBenchVenues(symbols, most);
  const telegram = await startTelegramSimulator();
  const stopping = new AbortController();
  const addresses = await freeAddresses();
  const complete: Environment = {
    ...keepBasics(process.env),
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: '100',
    TELEGRAM_API_URL: telegram.url,
    MONITORING_LOG_LEVEL: 'warn',
    ENVIRONMENT: 'bench',
    ...venues.environment(),
    ...environment,
    DATA_DIR: dataDir,
    ...portVariables(addresses),
  };
  const settings = loadNativeSettings(complete, CHECKOUT);
  prepareDataDirectory(dataDir);
  const engines = await findEngines({ cacheDir: settings.cacheDir, log: (line) => console.log(line) });
  const tokenFile = webhookTokenFile(complete, dataDir);
  const config = renderConfig(settings, tokenFile);
  if (intervals) writeIntervals(config, settings, intervals);
  let crashes = 0;
  const startedMs = performance.now();
  const supervisor = superviseServices({
    specs: serviceSpecs({ settings, engines, config, environment: complete, webhookTokenFile: tokenFile }),
    clock: createSystemClock(),
    onEvent(event) {
      if (event.type !== 'ended' || stopping.signal.aborted) return;
      crashes += 1;
      process.stderr.write(`Error: ${event.name} ended: ${event.lastLines.join(' ').slice(0, 300)}\n`);
    },
  });
  const url = (name: ServiceName) => `http://${reachableAt(settings.addresses[name])}`;
  async function stop(): Promise<void> {
    stopping.abort();
    await supervisor.stop();
    await Promise.all([venues.close(), telegram.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
  let startupMs = 0;
  try {
    await waitUntilReady({
      addresses: settings.addresses,
      say: () => {},
      signal: AbortSignal.timeout(FEEDS_WITHIN_MS),
    });
    await waitForFeeds(url('exporter'));
    startupMs = performance.now() - startedMs;
    await delay(SETTLE_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    venues,
    telegram,
    dataDir,
    startupMs,
    url,
    pid(name) {
      const pid = supervisor.pids()[name];
      if (pid === undefined) throw new Error(`${name} is not running`);
      return pid;
    },
    crashes: () => crashes,
    stop,
  };
}

function keepBasics(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => /^(PATH|HOME|TZ|LANG|TMPDIR)$/.test(name)));
}

/** @throws Error naming who is missing after half a minute. */
export async function waitForFeeds(exporterUrl: string): Promise<void> {
  const until = performance.now() + FEEDS_WITHIN_MS;
  let answer = '';
  while (performance.now() < until) {
    const response = await fetch(`${exporterUrl}/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    answer = (await response?.text()) ?? 'no answer';
    await delay(50);
  }
  throw new Error(`the feeds did not come up: ${answer.slice(0, 200)}`);
}

/** Rewrites the rendered configuration: the fast job and the group of the liquidations run at these intervals. */
function writeIntervals(
  { prometheus }: RenderedConfig,
  { checkout, dataDir }: NativeSettings,
  intervals: Intervals,
): void {
  const rules = join(dataDir, 'run', 'rules');
  cpSync(join(checkout, 'prometheus', 'rules'), rules, { recursive: true });
  const liquidations = join(rules, 'liquidations.yml');
  writeFileSync(
    liquidations,
    readFileSync(liquidations, 'utf8').replace(/(- name: liquidations\n\s+interval: )\S+/, `$1${intervals.rules}`),
  );
  const text = readFileSync(prometheus, 'utf8')
    .replaceAll(join(checkout, 'prometheus', 'rules'), rules)
    .replace(
      /(job_name: exporter-alerting\n\s+scrape_interval: )\S+(\n\s+scrape_timeout: )\S+/,
      `$1${intervals.scrape}$2${intervals.scrape}`,
    );
  writeFileSync(prometheus, text);
}
