// The same way from socket to Telegram while 2,000 messages a second arrive.
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { startChain } from '../rig/chain.ts';
import { deliveryTimes, describeStages, playCascades } from '../rig/latency.ts';
import { startLoad } from '../rig/load.ts';
import { symbolNames } from '../rig/market.ts';

const CASCADES = isAsked('quick') ? 4 : 10;
const symbols = symbolNames(CASCADES + 3);
const quiet = symbols.slice(0, 3);

await runMeasurement(async () => {
  const environment = { SYMBOLS: symbols.join(','), MAX_ALERTS_PER_HOUR: '1000' };
  const chain = await startChain({ symbols, environment });
  // So small that even thirty seconds of all of them reach no threshold.
  const load = startLoad(chain.venues, { symbols: quiet, framesPerSecond: 2_000, mostEvents: 20, notionalUsd: 0.5 });
  try {
    const startedMs = performance.now();
    const times = await playCascades(chain, symbols.slice(3));
    const rate = Math.round(load.frames() / ((performance.now() - startedMs) / 1_000));
    console.log(`\n${describeStages(times)}`);
    const delivered = deliveryTimes(times);
    const note = `${times.length} cascades beside ${rate} messages/s, ${Math.round(load.events() / load.frames())} liquidations each`;
    report('event_to_telegram_loaded_p50_ms', quantileOf(delivered, 0.5), note);
    report('event_to_telegram_loaded_p99_ms', quantileOf(delivered, 0.99), note);
  } finally {
    load.stop();
    await chain.stop();
  }
});
