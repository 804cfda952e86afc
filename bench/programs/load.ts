// 2,000 messages a second on real sockets into the exporter's process, scraped every second; then 20,000 liquidations within
// one second, of which none may be lost.
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { waitForFeeds } from '../rig/chain.ts';
import { histogramQuantile, sumOf } from '../rig/exposition.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';
import { startOne } from '../rig/one-service.ts';
import { readCpuSeconds } from '../rig/processes.ts';
import { startBenchVenues } from '../rig/venues.ts';

const STRETCH_SECONDS = isAsked('quick') ? 8 : 60;
const BURST_EVENTS = 20_000;
const BURST_PORTION = 20;
const ABSORBED_WITHIN_MS = 20_000;

await runMeasurement(async () => {
  const symbols = symbolNames(3);
  const venues = await startBenchVenues(symbols);
  const exporter = await startOne('exporter', { ...venues.environment(), SYMBOLS: symbols.join(',') });
  const read = async (path: string) => (await fetch(`${exporter.url}${path}`)).text();
  const scrapesMs: number[] = [];
  const scraper = setInterval(() => void scrape().catch(() => undefined), 1_000);
  try {
    await waitForFeeds(exporter.url);
    const counted = async () => sumOf(await read('/metrics'), 'derivatives_liquidations_total');
    await stretch();
    await burst(counted);
  } finally {
    clearInterval(scraper);
    await exporter.stop();
    await venues.close();
  }

  async function scrape(): Promise<void> {
    const startedMs = performance.now();
    await read('/metrics/alerting');
    scrapesMs.push(performance.now() - startedMs);
  }

  async function stretch(): Promise<void> {
    const load = startLoad(venues, { symbols, framesPerSecond: 2_000, mostEvents: 20, notionalUsd: 100 });
    // The compiler of the engine is part of the first seconds only.
    await delay(2_000);
    const before = await read('/metrics');
    const used = {
      cpu: readCpuSeconds(exporter.pid),
      at: performance.now(),
      frames: load.frames(),
      events: load.events(),
    };
    await delay(STRETCH_SECONDS * 1_000);
    const seconds = (performance.now() - used.at) / 1_000;
    const cpuSeconds = readCpuSeconds(exporter.pid) - used.cpu;
    const after = await read('/metrics');
    const frames = Math.round((load.frames() - used.frames) / seconds);
    const events = Math.round((load.events() - used.events) / seconds);
    load.stop();
    const note = `${frames} messages and ${events} liquidations a second for ${STRETCH_SECONDS} s`;
    report('ingest_cpu_percent_at_2000_frames', (100 * cpuSeconds) / seconds, note);
    report('scrape_alerting_loaded_p99_ms', quantileOf(scrapesMs, 0.99), note);
    const lag = histogramQuantile('derivatives_feed_lag_seconds', 0.99, before, after);
    if (lag !== undefined) {
      report('ingest_lag_p99_ms', lag * 1_000, 'socket to window, interpolated in derivatives_feed_lag_seconds');
    }
  }

  async function burst(counted: () => Promise<number>): Promise<void> {
    await delay(500);
    const before = await counted();
    const startedMs = performance.now();
    for (let sent = 0; sent < BURST_EVENTS; sent += BURST_PORTION) {
      venues.liquidateMany('bybit', symbols[(sent / BURST_PORTION) % 3] ?? 'BTC', Array(BURST_PORTION).fill(100));
      // Spread over the second, as the venue's own batches would be.
      if (sent % 400 === 0) await delay(Math.max(0, (sent / BURST_EVENTS) * 1_000 - (performance.now() - startedMs)));
    }
    const sentMs = performance.now() - startedMs;
    let missing = BURST_EVENTS;
    while (missing > 0 && performance.now() - startedMs < ABSORBED_WITHIN_MS) {
      missing = BURST_EVENTS - ((await counted()) - before);
      await delay(10);
    }
    report('burst_20000_lost_events', missing, `sent within ${Math.round(sentMs)} ms`);
    report('burst_20000_absorbed_ms', performance.now() - startedMs, 'from the first one sent to all of them counted');
  }
});
