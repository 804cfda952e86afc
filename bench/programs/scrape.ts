// What a scrape costs: of three symbols, and of 800 symbols on three venues with all of them busy, while messages arrive.
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { waitForFeeds } from '../rig/chain.ts';
import { countSeries } from '../rig/exposition.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames, VENUE_NAMES } from '../rig/market.ts';
import { startOne } from '../rig/one-service.ts';
import { readMemory } from '../rig/processes.ts';
import { startBenchVenues } from '../rig/venues.ts';

const isQuick = isAsked('quick');
const SCRAPES = isQuick ? 60 : 300;
const BIG_SCRAPES = isQuick ? 12 : 100;
const MANY = 800;

async function timeScrapes(url: string, times: number): Promise<readonly number[]> {
  const elapsed: number[] = [];
  for (let scrape = 0; scrape < times; scrape += 1) {
    const startedMs = performance.now();
    await (await fetch(url)).text();
    elapsed.push(performance.now() - startedMs);
    await delay(15);
  }
  return elapsed;
}

/** @returns series of all in `/metrics` */
async function observe(count: number, use: (url: string, pid: number) => Promise<void>): Promise<number> {
  const symbols = symbolNames(count);
  const venues = await startBenchVenues(symbols);
  const exporter = await startOne('exporter', {
    ...venues.environment(),
    SYMBOLS: count === MANY ? 'ALL' : symbols.join(','),
    OI_REQUESTS_PER_HOUR: '100000',
  });
  try {
    await waitForFeeds(exporter.url);
    // One of each symbol on each venue, so that every series there can be is there.
    for (const symbol of symbols) for (const venue of VENUE_NAMES) venues.liquidate(venue, symbol, 1_000);
    const load = startLoad(venues, { symbols, framesPerSecond: 200, mostEvents: 3, notionalUsd: 1_000 });
    await delay(1_000);
    await use(exporter.url, exporter.pid);
    load.stop();
    return countSeries(await (await fetch(`${exporter.url}/metrics`)).text());
  } finally {
    await exporter.stop();
    await venues.close();
  }
}

await runMeasurement(async () => {
  const few = await observe(3, async (url) => {
    await timeScrapes(`${url}/metrics/alerting`, SCRAPES / 4);
    report(
      'scrape_alerting_p99_ms',
      quantileOf(await timeScrapes(`${url}/metrics/alerting`, SCRAPES), 0.99),
      '3 symbols',
    );
    report('scrape_p99_ms_3_symbols', quantileOf(await timeScrapes(`${url}/metrics`, SCRAPES), 0.99));
  });
  const many = await observe(MANY, async (url, pid) => {
    await timeScrapes(`${url}/metrics`, BIG_SCRAPES / 4);
    report(
      'scrape_p99_ms_800_symbols',
      quantileOf(await timeScrapes(`${url}/metrics`, BIG_SCRAPES), 0.99),
      'all of them busy',
    );
    report('exporter_pss_mb_800_symbols', readMemory(pid).pssMb);
  });
  report('series_per_symbol', (many - few) / (MANY - 3), `${many} series of ${MANY} busy symbols on three venues`);
});
