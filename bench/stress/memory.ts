// Our two services in the memory that their containers give them, at the most that is asked of them.
import { setTimeout as delay } from 'node:timers/promises';
import { startBridgeUnderTest } from '../rig/bridge.ts';
import { waitForFeeds } from '../rig/chain.ts';
import { sumOf } from '../rig/exposition.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';
import { makeMemoryGroup } from '../rig/memory-group.ts';
import { startOne } from '../rig/one-service.ts';
import { readMemory } from '../rig/processes.ts';
import { STORM_ALERTS, sendStorm } from '../rig/storm.ts';
import { startBenchVenues } from '../rig/venues.ts';

const MEGABYTE = 2 ** 20;
/** `mem_limit` of both in docker-compose.observability.yml. */
const EXPORTER_MB = 64;
const BRIDGE_MB = 56;
const RECOVERS_WITHIN_MS = 60_000;
/** Instead of a group where none can be made. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=48' };
const NO_GROUP = 'a heap of 48 MB (no control group could be made)';

/**
 * The exporter in a control group with the limit of its container, under full load: it must neither die nor lose. Where no
 * such group can be made its heap is limited to 48 MB instead.
 */
export async function memoryPressure(seconds: number): Promise<readonly string[]> {
  const watched = symbolNames(3);
  const venues = await startBenchVenues(watched);
  const group = makeMemoryGroup(EXPORTER_MB * MEGABYTE);
  const environment = { ...venues.environment(), SYMBOLS: watched.join(',') };
  const exporter = group
    ? await group.inside(() => startOne('exporter', environment))
    : await startOne('exporter', { ...environment, ...SMALL_HEAP });
  const bound = group ? `a control group of ${EXPORTER_MB} MB` : NO_GROUP;
  try {
    await waitForFeeds(exporter.url);
    const load = startLoad(venues, { symbols: watched, framesPerSecond: 2_000, mostEvents: 20, notionalUsd: 100 });
    let peakMb = 0;
    for (let second = 0; second < seconds; second += 1) {
      await delay(1_000);
      peakMb = Math.max(peakMb, readMemory(exporter.pid).pssMb);
    }
    load.stop();
    const endedMs = performance.now();
    let missing = load.events();
    while (missing > 0 && performance.now() - endedMs < RECOVERS_WITHIN_MS) {
      missing =
        load.events() - sumOf(await (await fetch(`${exporter.url}/metrics`)).text(), 'derivatives_liquidations_total');
      await delay(20);
    }
    if (missing > 0) throw new Error(`${missing} of ${load.events()} liquidations were lost`);
    return [
      `${load.events()} liquidations in ${seconds} s within ${bound}, none lost, ${Math.round(peakMb)} MB at most`,
      `the last one counted ${((performance.now() - endedMs) / 1_000).toFixed(1)} s after the end of the load`,
    ];
  } finally {
    await exporter.stop();
    group?.remove();
    await venues.close();
  }
}

/** The bridge in a control group with the limit of its container, in a storm: it must neither be killed nor lose. */
export async function bridgeMemoryPressure(): Promise<readonly string[]> {
  const group = makeMemoryGroup(BRIDGE_MB * MEGABYTE);
  const bound = group ? `a control group of ${BRIDGE_MB} MB` : NO_GROUP;
  const bridge = await (group ? group.inside(() => startBridgeUnderTest()) : startBridgeUnderTest(SMALL_HEAP));
  try {
    const { acceptedSeconds, seconds, peakMb } = await sendStorm(bridge);
    return [
      `${STORM_ALERTS} alerts at once within ${bound}: accepted in ${acceptedSeconds.toFixed(1)} s, ${Math.round(peakMb)} MB at most`,
      `nothing waited any more after ${seconds.toFixed(1)} s`,
    ];
  } finally {
    await bridge.stop();
    group?.remove();
  }
}
