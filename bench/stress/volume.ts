// Stress by mere number: the busiest minute that is promised, and a thousand operations at the same moment.
import { setTimeout as delay } from 'node:timers/promises';
import { webhookText } from '../rig/alerts.ts';
import { startBridgeUnderTest } from '../rig/bridge.ts';
import { waitForFeeds } from '../rig/chain.ts';
import { sumOf } from '../rig/exposition.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';
import { startOne } from '../rig/one-service.ts';
import { startBenchVenues } from '../rig/venues.ts';

const PER_MINUTE = 1_000;
const OPERATIONS = 1_000;
const READS = ['/health', '/metrics', '/ready'];
const COUNTED_WITHIN_MS = 15_000;

/** 1,000 liquidations a minute over three venues; each must be counted. */
export async function liquidationRate(seconds: number): Promise<readonly string[]> {
  const symbols = symbolNames(3);
  const venues = await startBenchVenues(symbols);
  const exporter = await startOne('exporter', { ...venues.environment(), SYMBOLS: symbols.join(',') });
  try {
    await waitForFeeds(exporter.url);
    const rate = { framesPerSecond: PER_MINUTE / 60, mostEvents: 1, notionalUsd: 100 };
    const load = startLoad(venues, { symbols, ...rate });
    await delay(seconds * 1_000);
    load.stop();
    const counted = await countUntil(exporter.url, load.events());
    if (counted !== load.events()) throw new Error(`${counted} of ${load.events()} liquidations were counted`);
    return [`${counted} liquidations in ${seconds} s, 1,000 a minute, each counted once`];
  } finally {
    await exporter.stop();
    await venues.close();
  }
}

/** 500 webhooks and 500 reads of the bridge in one moment: all answered, every alert kept. */
export async function concurrentOperations(): Promise<readonly string[]> {
  const bridge = await startBridgeUnderTest({ MAX_ALERTS_PER_HOUR: '1000' });
  try {
    const symbols = symbolNames(OPERATIONS / 2);
    const startsAtMs = Date.now();
    const startedMs = performance.now();
    const answers = await Promise.all(
      symbols.flatMap((symbol, index) => [
        bridge.post(webhookText({ symbols: [symbol], startsAtMs })),
        read(`${bridge.service.url}${READS[index % READS.length]}`),
      ]),
    );
    const tookMs = performance.now() - startedMs;
    const [taken, refused, other] = [200, 503, undefined].map((status) => {
      return answers.filter((answer) => (status === undefined ? answer !== 200 && answer !== 503 : answer === status));
    });
    if (other === undefined || other.length > 0) throw new Error(`answered with ${[...new Set(other)].join(', ')}`);
    const kept = sumOf(await text(`${bridge.service.url}/metrics`), 'alertbridge_webhooks_total');
    if (kept < symbols.length) throw new Error(`${kept} of ${symbols.length} webhooks were taken`);
    return [
      `${OPERATIONS} at once answered in ${Math.round(tookMs)} ms: ${taken?.length} done, ${refused?.length} reads put off (503)`,
      `${kept} webhooks taken, none lost`,
    ];
  } finally {
    await bridge.stop();
  }
}

async function countUntil(url: string, wanted: number): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const counted = sumOf(await text(`${url}/metrics`), 'derivatives_liquidations_total');
    if (counted >= wanted || performance.now() - startedMs > COUNTED_WITHIN_MS) return counted;
    await delay(100);
  }
}

async function read(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}
