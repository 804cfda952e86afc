// Hours of 1,000 liquidations a minute at speed, through everything of the exporter but its sockets, scraped as often as
// Prometheus does: what the heap holds after one hour more. `npm run soak` does it in real time with both processes.

import { createExporterCore } from '../contestants/exporter.ts';
import { isAsked, report, runMeasurement, skip } from '../program.ts';
import { DEFAULT_SYMBOLS, makeFrames } from '../rig/frames.ts';
import { slopeOf, tellableSlopeOf } from '../statistics.ts';

const HOURS = 4;
const FRAMES_PER_MINUTE = 1_000;
const MINUTES = 60;
const SCRAPES_PER_MINUTE = 60;
/** The first hours fill what is bounded: ring, windows, the replay filter; in a run of 17 hours nothing grew after the tenth. */
const SETTLING_HOURS = 11;

await runMeasurement(async () => {
  if (isAsked('quick')) {
    skip('takes a minute, left out of --quick');
    return;
  }
  const collect = globalThis.gc;
  if (!collect) throw new Error('start it with --expose-gc');
  const startMs = Date.now();
  const mix = {
    frames: FRAMES_PER_MINUTE,
    framesPerSecond: FRAMES_PER_MINUTE / 60,
    symbols: DEFAULT_SYMBOLS,
    mostEvents: 1,
  };
  const framesOf = (minute: number) => makeFrames({ ...mix, startMs: startMs + minute * 60_000, seed: minute + 1 });
  const core = createExporterCore(framesOf(0));
  const points: { readonly x: number; readonly y: number }[] = [];
  for (let minute = 0; minute < (HOURS + SETTLING_HOURS) * MINUTES; minute += 1) {
    const frames = framesOf(minute);
    const perScrape = Math.ceil(frames.length / SCRAPES_PER_MINUTE);
    for (const [index, frame] of frames.entries()) {
      core.take(frame);
      if (index % perScrape === 0) await core.scrape();
    }
    await core.scrapeAll();
    if (minute < SETTLING_HOURS * MINUTES || minute % 15 !== 0) continue;
    collect();
    collect();
    points.push({ x: minute / MINUTES, y: process.memoryUsage().heapUsed / 1_024 });
  }
  report(
    'soak_growth_kb_per_hour',
    tellableSlopeOf(points),
    `slope ${Math.round(slopeOf(points))} kB/h, 0 where within the scatter: heap of the exporter’s core over ${HOURS} simulated hours after the first ${SETTLING_HOURS}; npm run soak for both processes in real time`,
  );
});
