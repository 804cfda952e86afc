// From a webhook sent to its 2xx, that is to its alert on disk, at 100 webhooks a second.
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { webhookText } from '../rig/alerts.ts';
import { startBridgeUnderTest } from '../rig/bridge.ts';

const SECONDS = isAsked('quick') ? 4 : 10;
const PER_SECOND = 100;
const WARM_UP = 50;

await runMeasurement(async () => {
  const bridge = await startBridgeUnderTest();
  try {
    const elapsed: number[] = [];
    const statuses = new Set<number>();
    const pending: Promise<void>[] = [];
    const startedMs = performance.now();
    for (let sent = 0; sent < SECONDS * PER_SECOND; sent += 1) {
      await delay(Math.max(0, startedMs + (sent * 1_000) / PER_SECOND - performance.now()));
      pending.push(postOne(sent));
    }
    await Promise.all(pending);
    const refused = [...statuses].filter((status) => status !== 200);
    if (refused.length > 0) throw new Error(`the bridge answered ${refused.join(', ')}`);
    report('webhook_accept_p99_ms', quantileOf(elapsed, 0.99), `${PER_SECOND} a second for ${SECONDS} s`);

    async function postOne(number: number): Promise<void> {
      const body = webhookText({ symbols: [`W${number}`], startsAtMs: Date.now() });
      const sentMs = performance.now();
      statuses.add(await bridge.post(body));
      // The first ones meet code that has not been compiled yet.
      if (number >= WARM_UP) elapsed.push(performance.now() - sentMs);
    }
  } finally {
    await bridge.stop();
  }
});
