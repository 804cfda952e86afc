// Every perpetual of the three venues through the whole native chain: 800 contracts on Binance, 800 on Bybit and 300 on OKX,
// all of them watched. First as on a busy day, then in a storm that leaves no symbol out.
import { setTimeout as delay } from 'node:timers/promises';
import { isAsked, report, runMeasurement, skip } from '../program.ts';
import { type Chain, startChain } from '../rig/chain.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';
import { readCpuSeconds, readMemory } from '../rig/processes.ts';
import { queryValue } from '../rig/prometheus.ts';
import { weigh } from '../rig/weight.ts';

const STRETCH_SECONDS = 12;
/** Until it has settled; and until every window holds its 30 s. */
const FILL_DAY_SECONDS = 10;
const FILL_STORM_SECONDS = 30;
const SYMBOLS = 800;
const most = { okx: 300 };
const BUSY_DAY_PER_SECOND = 1_000 / 60;
const STORM_PER_SECOND = 400;
/** In Prometheus's blocks with steady series, measured by `disk.ts`; series that come and go take up to 6. */
const BYTES_PER_SAMPLE = 2.7;

interface Observation {
  readonly series: number;
  readonly scrapeMs: number;
  readonly rulesMs: number;
  readonly samplesPerSecond: number;
  readonly cpuPercent: number;
  readonly prometheusMb: number;
  readonly stackMb: number;
}

async function observe(chain: Chain): Promise<Observation> {
  const before = weigh(chain);
  const engineBefore = readCpuSeconds(chain.pid('prometheus'));
  await delay(STRETCH_SECONDS * 1_000);
  const after = weigh(chain);
  const seconds = (after.atMs - before.atMs) / 1_000;
  const percent = (used: number) => Math.round((100 * used) / seconds);
  console.log(
    `\nexporter ${percent(after.exporterCpuSeconds - before.exporterCpuSeconds)} % of a core and ${Math.round(after.exporterPssMb)} MB, Prometheus ${percent(readCpuSeconds(chain.pid('prometheus')) - engineBefore)} %`,
  );
  const ask = async (expression: string) => (await queryValue(chain, expression)) ?? Number.NaN;
  const range = `[${STRETCH_SECONDS}s]`;
  return {
    series: await ask('prometheus_tsdb_head_series'),
    scrapeMs: 1_000 * (await ask(`max(quantile_over_time(0.99, scrape_duration_seconds{job=~"exporter.*"}${range}))`)),
    rulesMs: 1_000 * (await ask('max(prometheus_rule_group_last_duration_seconds)')),
    samplesPerSecond: await ask(
      'sum(scrape_samples_post_metric_relabeling{job="exporter-alerting"}) * 2 + sum(scrape_samples_post_metric_relabeling{job!="exporter-alerting"}) / 15',
    ),
    cpuPercent: (100 * (after.stackCpuSeconds - before.stackCpuSeconds)) / seconds,
    prometheusMb: readMemory(chain.pid('prometheus')).rssMb,
    stackMb: after.stackRssMb,
  };
}

await runMeasurement(async () => {
  if (isAsked('quick')) {
    skip('takes more than a minute of real time, left out of --quick');
    return;
  }
  const symbols = symbolNames(SYMBOLS);
  const chain = await startChain({
    symbols,
    most,
    environment: { SYMBOLS: 'ALL', OI_REQUESTS_PER_HOUR: '100000', MAX_ALERTS_PER_HOUR: '1000' },
  });
  const play = async (framesPerSecond: number, mostEvents: number, fillSeconds: number): Promise<Observation> => {
    const load = startLoad(chain.venues, { symbols, most, framesPerSecond, mostEvents, notionalUsd: 500 });
    try {
      await delay(fillSeconds * 1_000);
      return await observe(chain);
    } finally {
      load.stop();
    }
  };
  try {
    const day = await play(BUSY_DAY_PER_SECOND, 1, FILL_DAY_SECONDS);
    const dayNote = `${SYMBOLS} + ${SYMBOLS} + ${most.okx} contracts at 1,000 liquidations a minute`;
    report('scale_series', day.series, dayNote);
    report('scale_scrape_ms', day.scrapeMs, 'p99 as Prometheus saw it');
    report('scale_cpu_percent', day.cpuPercent, 'the four programs');
    const gigabytes = (day.samplesPerSecond * 86_400 * BYTES_PER_SAMPLE) / 1e9;
    report(
      'scale_disk_gb_per_day',
      gigabytes,
      `${Math.round(day.samplesPerSecond)} samples/s at ${BYTES_PER_SAMPLE} bytes`,
    );
    const storm = await play(STORM_PER_SECOND, 3, FILL_STORM_SECONDS);
    report('scale_series_stormy', storm.series, `${STORM_PER_SECOND} messages a second over the symbols`);
    report('scale_scrape_stormy_ms', storm.scrapeMs, 'p99 as Prometheus saw it');
    report('scale_rules_stormy_ms', storm.rulesMs, 'the slowest group of rules');
    report('scale_cpu_stormy_percent', storm.cpuPercent, 'the four programs');
    report('scale_prometheus_rss_mb', storm.prometheusMb, 'after the storm');
    report('scale_stack_rss_mb', storm.stackMb, 'the four programs, after the storm');
    if (chain.crashes() > 0) throw new Error('a program of the chain ended meanwhile');
  } finally {
    await chain.stop();
  }
});
