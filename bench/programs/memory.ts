// What the chain weighs and uses at 1,000 liquidations a minute, after a stretch that fits into the benchmark. `npm run soak`
// does the same for ten minutes or an hour.
import { setTimeout as delay } from 'node:timers/promises';
import { isAsked, report, runMeasurement } from '../program.ts';
import { startChain } from '../rig/chain.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';
import { weigh } from '../rig/weight.ts';

const STRETCH_SECONDS = isAsked('quick') ? 12 : 30;
const PER_SECOND = 1_000 / 60;

await runMeasurement(async () => {
  const symbols = symbolNames(3);
  const chain = await startChain({ symbols });
  const load = startLoad(chain.venues, { symbols, framesPerSecond: PER_SECOND, mostEvents: 1, notionalUsd: 500 });
  try {
    const before = weigh(chain);
    await delay(STRETCH_SECONDS * 1_000);
    const after = weigh(chain);
    const note = `after ${STRETCH_SECONDS} s at ${Math.round((load.events() / STRETCH_SECONDS) * 60)} liquidations a minute`;
    const percent = (seconds: number) => (100 * seconds) / ((after.atMs - before.atMs) / 1_000);
    report('memory_pss_mb', after.exporterPssMb + after.bridgePssMb, note);
    report('exporter_pss_mb', after.exporterPssMb, note);
    report('bridge_pss_mb', after.bridgePssMb, note);
    report('stack_rss_mb', after.stackRssMb, note);
    report(
      'cpu_percent_at_1000_per_minute',
      percent(after.stackCpuSeconds - before.stackCpuSeconds),
      'exporter, bridge, Prometheus and Alertmanager',
    );
    report('exporter_cpu_percent_at_1000_per_minute', percent(after.exporterCpuSeconds - before.exporterCpuSeconds));
    if (chain.crashes() > 0) throw new Error('a program of the chain ended meanwhile');
  } finally {
    load.stop();
    await chain.stop();
  }
});
