// npm run soak -- --minutes 10|60: the whole chain at 1,000 liquidations a minute in real time, and whether exporter and bridge
// grow. Writes bench/results-soak.json; takes as long as it says, so nothing calls it but people.
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine } from '../common/command-line.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { describeHost } from './host.ts';
import { type Result, resultOf, writeResults } from './results.ts';
import { type Chain, startChain } from './rig/chain.ts';
import { sumOf } from './rig/exposition.ts';
import { startLoad } from './rig/load.ts';
import { symbolNames } from './rig/market.ts';
import { type Weight, weigh } from './rig/weight.ts';
import { slopeOf } from './statistics.ts';
import { describeResults, formatNumber } from './table.ts';

const checkout = dirname(import.meta.dirname);
const EVERY_MS = 10_000;
const MB_IN_KB = 1_024;

interface Look extends Weight {
  readonly exporterHeapMb: number;
  readonly bridgeHeapMb: number;
}

async function look(chain: Chain): Promise<Look> {
  const heap = async (name: 'exporter' | 'alert-bridge') => {
    const text = await (await fetch(`${chain.url(name)}/metrics`)).text();
    return sumOf(text, 'nodejs_heap_size_used_bytes') / 2 ** 20;
  };
  return { ...weigh(chain), exporterHeapMb: await heap('exporter'), bridgeHeapMb: await heap('alert-bridge') };
}

const options = commandLine({
  name: 'npm run soak --',
  purpose: `The whole chain at 1,000 liquidations a minute in real time, and whether exporter and bridge grow.
Writes bench/results-soak.json.`,
  options: { minutes: { value: 'N', least: 0.1, most: 10_000, help: 'how long it takes, 10 by default' } },
  examples: ['npm run soak -- --minutes 60'],
});
const minutes = options.number('minutes') ?? 10;
console.log(`${describeHost()}\n${new Date().toISOString()}  npm run soak -- --minutes ${minutes}`);
await bundleServices(checkout);
const symbols = symbolNames(3);
const chain = await startChain({ symbols });
const load = startLoad(chain.venues, { symbols, framesPerSecond: 1_000 / 60, mostEvents: 1, notionalUsd: 500 });
const looks: Look[] = [];
try {
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    await delay(Math.min(EVERY_MS, Math.max(0, endMs - performance.now())));
    looks.push(await look(chain));
    if (looks.length % 6 === 0) console.log(describeLook(looks.length / 6, looks.at(-1)));
  }
} finally {
  load.stop();
  await chain.stop();
}
const results = summarise(looks);
console.log(`\n${describeResults(results)}\nprograms that ended unasked: ${chain.crashes()}`);
writeResults(join(checkout, 'bench', 'results-soak.json'), results);

function describeLook(minute: number, present: Look | undefined): string {
  if (!present) return '';
  const { exporterPssMb, bridgePssMb, exporterHeapMb, bridgeHeapMb, stackRssMb } = present;
  const mb = (value: number) => `${formatNumber(value)} MB`;
  return `minute ${minute}: exporter ${mb(exporterPssMb)} (heap ${mb(exporterHeapMb)}), bridge ${mb(bridgePssMb)} (heap ${mb(bridgeHeapMb)}), all four ${mb(stackRssMb)}`;
}

/** Memory is the largest of the last minutes, growth the slope over the second half: the first fills what is bounded. */
function summarise(all: readonly Look[]): readonly Result[] {
  const late = all.slice(Math.floor(all.length / 2));
  const largest = (read: (look: Look) => number) => Math.max(...late.map(read));
  const note = `${minutes} minutes at 1,000 liquidations a minute; the largest of the second half`;
  const growth = slopeOf(
    late.map((present) => ({
      x: present.atMs / 3_600_000,
      y: (present.exporterPssMb + present.bridgePssMb) * MB_IN_KB,
    })),
  );
  return [
    resultOf('memory_pss_mb', { runs: [largest((look) => look.exporterPssMb + look.bridgePssMb)], note }),
    resultOf('exporter_pss_mb', { runs: [largest((look) => look.exporterPssMb)], note }),
    resultOf('bridge_pss_mb', { runs: [largest((look) => look.bridgePssMb)], note }),
    resultOf('stack_rss_mb', { runs: [largest((look) => look.stackRssMb)], note }),
    resultOf('soak_growth_kb_per_hour', { runs: [growth], note: 'both processes, slope over the second half' }),
  ];
}
