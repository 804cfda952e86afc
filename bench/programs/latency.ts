// From the venue's socket to Telegram through real Prometheus and Alertmanager, stage by stage. `--intervals` measures it at
// several intervals of scrape and rule, and what each costs.
import { join } from 'node:path';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement, skip } from '../program.ts';
import { type Intervals, startChain } from '../rig/chain.ts';
import { type CascadeTimes, deliveryTimes, describeStages, playCascades, stageTimes } from '../rig/latency.ts';
import { symbolNames } from '../rig/market.ts';
import { readCpuSeconds, readDiskBytes, readMemory } from '../rig/processes.ts';
import { formatNumber } from '../table.ts';

const isQuick = isAsked('quick');
/** Scrapes and evaluations keep their phases for the life of a chain, so several chains are needed to see what is typical. */
const CHAINS = isQuick ? 1 : 3;
const CASCADES = isQuick ? 8 : 10;
const INTERVALS: readonly Intervals[] = [
  { scrape: '1s', rules: '1s' },
  { scrape: '500ms', rules: '500ms' },
  { scrape: '500ms', rules: '250ms' },
  { scrape: '250ms', rules: '250ms' },
];

/** BTC, ETH and SOL have blocks of their own; the others all share the default threshold. */
const symbols = symbolNames(CASCADES + 3);
const cascading = symbols.slice(3);

interface Observation {
  readonly times: readonly CascadeTimes[];
  readonly price: string;
}

async function observe(intervals: Intervals | undefined): Promise<Observation> {
  const environment = { SYMBOLS: symbols.join(','), MAX_ALERTS_PER_HOUR: '1000' };
  const chain = await startChain({ symbols, environment, intervals });
  try {
    const engine = chain.pid('prometheus');
    const used = {
      cpu: readCpuSeconds(engine),
      at: performance.now(),
      disk: readDiskBytes(join(chain.dataDir, 'prometheus')),
    };
    const times = await playCascades(chain, cascading);
    const seconds = (performance.now() - used.at) / 1_000;
    const cpu = (100 * (readCpuSeconds(engine) - used.cpu)) / seconds;
    const disk = (readDiskBytes(join(chain.dataDir, 'prometheus')) - used.disk) / seconds;
    const price = `Prometheus ${formatNumber(cpu)} % of a core, ${formatNumber(readMemory(engine).rssMb)} MB, log ${formatNumber((disk * 3_600) / 2 ** 20)} MB/h`;
    return { times, price };
  } finally {
    await chain.stop();
  }
}

const describe = ({ times, price }: Observation) => `${describeStages(times)}\n  ${price}`;

await runMeasurement(async () => {
  if (isAsked('intervals')) {
    for (const intervals of INTERVALS) {
      console.log(`\nscrape ${intervals.scrape}, rules ${intervals.rules}\n${describe(await observe(intervals))}`);
    }
    skip('tried at several intervals: see above');
    return;
  }
  const times: CascadeTimes[] = [];
  for (let chain = 0; chain < CHAINS; chain += 1) {
    const observation = await observe(undefined);
    console.log(`\n${describe(observation)}`);
    times.push(...observation.times);
  }
  const delivered = deliveryTimes(times);
  const note = `${times.length} cascades on ${CHAINS} chains`;
  report('event_to_scrape_p99_ms', quantileOf(stageTimes(times, 'scrape'), 0.99), note);
  report('event_to_rule_p99_ms', quantileOf(stageTimes(times, 'rule'), 0.99), note);
  report('event_to_webhook_p99_ms', quantileOf(stageTimes(times, 'webhook'), 0.99), note);
  report('event_to_telegram_p50_ms', quantileOf(delivered, 0.5), note);
  report('event_to_telegram_p99_ms', quantileOf(delivered, 0.99), note);
});
