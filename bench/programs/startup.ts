// From the first program started to everything answering and every feed live.
import { report, runMeasurement } from '../program.ts';
import { startChain } from '../rig/chain.ts';
import { symbolNames } from '../rig/market.ts';

await runMeasurement(async () => {
  const chain = await startChain({ symbols: symbolNames(3) });
  await chain.stop();
  report('startup_ms', chain.startupMs, 'four programs up and six feeds live');
});
