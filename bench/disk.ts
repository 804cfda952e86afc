// node scripts/run.mjs bench/disk.ts: how many series Prometheus keeps and what they take on
// disk in a day, all symbols busy. The chain as `npm start` runs it, seen by one more Prometheus with the same configuration, whose
// blocks may be looked at. For each number of symbols it takes as long as it says.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, usageError } from '../common/command-line.ts';
import { findEngines } from '../engines/find-engines.ts';
import { freeAddresses } from '../engines/free-addresses.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { describeHost } from './host.ts';
import { CHECKOUT, type Chain, startChain } from './rig/chain.ts';
import { startLoad } from './rig/load.ts';
import { symbolNames, VENUE_NAMES } from './rig/market.ts';
import { queryValue } from './rig/prometheus.ts';

const DAY_SECONDS = 86_400;
/** Prometheus writes a block every two hours, and keeps its log for a little longer. */
const BLOCKS_A_DAY = 12;
const LOG_HOURS = 3;
const READY_WITHIN_MS = 60_000;

interface Footprint {
  readonly series: number;
  readonly samplesPerSecond: number;
  /** Of the fast job. A machine that is too busy answers some of them late, and their samples are missing. */
  readonly answeredRatio: number;
  readonly bytesPerSample: number;
  readonly indexBytes: number;
  readonly logBytesPerSecond: number;
}

async function observe(count: number, seconds: number): Promise<Footprint> {
  const symbols = symbolNames(count);
  const environment = { SYMBOLS: count > 3 ? 'ALL' : symbols.join(','), OI_REQUESTS_PER_HOUR: '100000' };
  const chain = await startChain({ symbols, environment });
  const load = startLoad(chain.venues, { symbols, framesPerSecond: 20, mostEvents: 3, notionalUsd: 1_000 });
  try {
    // One of each symbol on each venue, so that every series there can be is there.
    for (const symbol of symbols) for (const venue of VENUE_NAMES) chain.venues.liquidate(venue, symbol, 1_000);
    return await measure(chain, seconds);
  } finally {
    load.stop();
    await chain.stop();
  }
}

async function measure(chain: Chain, seconds: number): Promise<Footprint> {
  const store = join(chain.dataDir, 'measured');
  mkdirSync(store);
  const { prometheus } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: console.log });
  const url = `http://127.0.0.1:${(await freeAddresses()).prometheus.port}`;
  const child = spawn(
    prometheus,
    [
      `--config.file=${join(chain.dataDir, 'run', 'prometheus.yml')}`,
      `--storage.tsdb.path=${store}`,
      `--web.listen-address=${new URL(url).host}`,
      '--web.enable-admin-api',
    ],
    { stdio: 'ignore' },
  );
  try {
    await waitUntilReady(url);
    const ask = async (expression: string) => (await queryValue({ url: () => url }, expression)) ?? 0;
    await delay(seconds * 1_000);
    const series = await ask('prometheus_tsdb_head_series');
    const samplesPerSecond = await ask(`rate(prometheus_tsdb_head_samples_appended_total[${Math.ceil(seconds / 2)}s])`);
    const answeredRatio = await ask(`avg_over_time(up{job="exporter-alerting"}[${Math.ceil(seconds / 2)}s])`);
    const logBytesPerSecond = bytesBelow(join(store, 'wal')) / seconds;
    return { series, samplesPerSecond, answeredRatio, logBytesPerSecond, ...(await weighBlock(url, store)) };
  } finally {
    child.kill('SIGKILL');
    rmSync(store, { recursive: true, force: true });
  }
}

async function waitUntilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while ((await fetch(`${url}/-/ready`).catch(() => undefined))?.status !== 200) {
    if (performance.now() > giveUpAt) throw new Error('Prometheus did not become ready');
    await delay(200);
  }
}

/** What is in memory, written as the block that it will become. */
async function weighBlock(url: string, store: string): Promise<Pick<Footprint, 'bytesPerSample' | 'indexBytes'>> {
  const { ok, status } = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  if (!ok) throw new Error(`Prometheus wrote no block: ${status}`);
  const folder = join(store, 'snapshots');
  const block = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('meta.json'));
  if (block === undefined) throw new Error('Prometheus wrote no block');
  const path = join(folder, block, '..');
  const { stats }: { stats: { numSamples: number } } = JSON.parse(readFileSync(join(path, 'meta.json'), 'utf8'));
  return {
    bytesPerSample: bytesBelow(join(path, 'chunks')) / stats.numSamples,
    indexBytes: statSync(join(path, 'index')).size,
  };
}

function bytesBelow(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function describe(symbols: number, { series, samplesPerSecond, bytesPerSample, ...rest }: Footprint): string {
  const megabytes = (bytes: number) => Math.round(bytes / 1_000_000).toLocaleString('en');
  const dayBytes = samplesPerSecond * DAY_SECONDS * bytesPerSample + rest.indexBytes * BLOCKS_A_DAY;
  const cells = [
    symbols,
    series.toLocaleString('en'),
    Math.round(samplesPerSecond).toLocaleString('en'),
    `${Math.round(rest.answeredRatio * 100)} %`,
    bytesPerSample.toFixed(2),
    `${megabytes(dayBytes)} MB`,
    `${megabytes(rest.logBytesPerSecond * 3_600 * LOG_HOURS)} MB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const COMMAND = {
  name: 'node scripts/run.mjs bench/disk.ts',
  purpose: 'How many series Prometheus keeps and what they take on disk in a day, all symbols busy.',
  options: {
    seconds: { value: 'N', least: 30, most: 100_000, help: 'for each number of symbols, 180 by default' },
    symbols: { value: 'LIST', help: 'how many symbols, 3,800 by default: first 3, then 800' },
  },
  examples: ['node scripts/run.mjs bench/disk.ts --seconds 60 --symbols 3,100'],
} as const;
const options = commandLine(COMMAND);
const seconds = options.number('seconds') ?? 180;
const counts = (options.text('symbols') ?? '3,800').split(',').map(Number);
if (!counts.every((count) => Number.isInteger(count) && count > 0)) {
  console.error(usageError(COMMAND, '--symbols is a list of whole numbers, such as 3,800').message);
  process.exit(2);
}
console.log(`${describeHost()}\n${new Date().toISOString()}  ${seconds} s each`);
await bundleServices(CHECKOUT);
console.log(
  '\n| symbols | series | samples a second | scrapes answered | bytes a sample | a day in blocks | log, at most |',
);
console.log('|---:|---:|---:|---:|---:|---:|---:|');
for (const count of counts) console.log(describe(count, await observe(count, seconds)));
process.exit(0);
