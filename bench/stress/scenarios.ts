// The scenarios of the stress test. Each makes one thing go wrong for so many seconds, and says what came of it.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Chain, startChain } from '../rig/chain.ts';
import { deliveryTimes, playCascades } from '../rig/latency.ts';
import { symbolNames } from '../rig/market.ts';
import { bridgeMemoryPressure, memoryPressure } from './memory.ts';
import { concurrentOperations, liquidationRate } from './volume.ts';

/** @returns lines for people. @throws Error when something was lost or did not recover. */
export type Scenario = (seconds: number) => Promise<readonly string[]>;

const RECOVERS_WITHIN_MS = 60_000;
const CASCADES = 3;
const symbols = symbolNames(3 + CASCADES);
const environment = { SYMBOLS: symbols.join(','), MAX_ALERTS_PER_HOUR: '1000' };

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'liquidation-rate': liquidationRate,
  'concurrent-operations': concurrentOperations,
  'reconnect-storm': reconnectStorm,
  'rest-rate-limit': restRateLimit,
  'memory-pressure': memoryPressure,
  'bridge-memory-pressure': bridgeMemoryPressure,
  'cpu-starvation': cpuStarvation,
};

/** Every venue drops every connection once a second. */
async function reconnectStorm(seconds: number): Promise<readonly string[]> {
  return withChain(async (chain) => {
    for (let second = 0; second < seconds; second += 1) {
      for (const venue of chain.venues.all) venue.cut();
      await delay(1_000);
    }
    const attempts = chain.venues.all.map(({ exchange, accepted }) => `${exchange} ${accepted}`).join(', ');
    const recovery = await timeRecovery(chain);
    return [`connections opened in ${seconds} s of drops every second: ${attempts}`, recovery, await proveAlive(chain)];
  });
}

/** Every REST request is answered with 429 and a Retry-After. */
async function restRateLimit(seconds: number): Promise<readonly string[]> {
  return withChain(async (chain) => {
    const before = chain.venues.all.map(({ requests }) => requests.length);
    for (const venue of chain.venues.all) venue.failRest({ status: 429, retryAfterSeconds: 5 });
    await delay(seconds * 1_000);
    const sent = chain.venues.all.map(
      ({ exchange, requests }, index) => `${exchange} ${requests.length - (before[index] ?? 0)}`,
    );
    for (const venue of chain.venues.all) venue.failRest(undefined);
    const recovery = await timeRecovery(chain);
    return [`requests sent in ${seconds} s of 429: ${sent.join(', ')}`, recovery, await proveAlive(chain)];
  });
}

/** Six programs that do nothing but count compete for the processors. */
async function cpuStarvation(seconds: number): Promise<readonly string[]> {
  return withChain(async (chain) => {
    const hogs = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['-e', `const end = Date.now() + ${seconds * 1_000}; while (Date.now() < end);`], {
        stdio: 'ignore',
      }),
    );
    try {
      const times = deliveryTimes(await playCascades(chain, symbols.slice(3)));
      return [
        `${times.length} of ${CASCADES} cascades reached Telegram, the slowest after ${Math.round(Math.max(...times))} ms`,
        `programs that ended: ${chain.crashes()}`,
      ];
    } finally {
      for (const hog of hogs) hog.kill();
    }
  });
}

async function withChain(use: (chain: Chain) => Promise<readonly string[]>): Promise<readonly string[]> {
  const chain = await startChain({ symbols, environment });
  try {
    const lines = await use(chain);
    if (chain.crashes() > 0) throw new Error(`${chain.crashes()} programs of the chain ended meanwhile`);
    return lines;
  } finally {
    await chain.stop();
  }
}

async function timeRecovery(chain: Chain): Promise<string> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < RECOVERS_WITHIN_MS) {
    if ((await fetch(`${chain.url('exporter')}/ready`)).status === 200) {
      return `every feed was back ${((performance.now() - startedMs) / 1_000).toFixed(1)} s after the end of it`;
    }
    await delay(50);
  }
  throw new Error(`not every feed was back ${RECOVERS_WITHIN_MS / 1_000} s after the end of it`);
}

async function proveAlive(chain: Chain): Promise<string> {
  const times = deliveryTimes(await playCascades(chain, symbols.slice(3)));
  return `${times.length} cascades after it reached Telegram, the slowest in ${Math.round(Math.max(...times))} ms`;
}
