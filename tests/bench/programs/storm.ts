// 10,000 alerts at once: until each is on disk and accepted, and nothing waits any more; and what the bridge weighs at most.
import { setTimeout as delay } from 'node:timers/promises';
import { report, runMeasurement } from '../program.ts';
import { webhookText } from '../rig/alerts.ts';
import { type BridgeUnderTest, startBridgeUnderTest } from '../rig/bridge.ts';
import { readMemory } from '../rig/processes.ts';

const ALERTS = 10_000;
const ALERTS_PER_WEBHOOK = 500;
const WITHIN_MS = 90_000;
const REPEAT_MS = 500;

await runMeasurement(async () => {
  const bridge = await startBridgeUnderTest();
  let peakMb = 0;
  const weigher = setInterval(() => {
    peakMb = Math.max(peakMb, readMemory(bridge.service.pid).pssMb);
  }, 50);
  try {
    const startedMs = performance.now();
    const webhooks = Array.from({ length: ALERTS / ALERTS_PER_WEBHOOK }, (_, webhook) =>
      webhookText({
        symbols: Array.from({ length: ALERTS_PER_WEBHOOK }, (_, alert) => `S${webhook * ALERTS_PER_WEBHOOK + alert}`),
        startsAtMs: Date.now(),
      }),
    );
    await Promise.all(webhooks.map((body) => postUntilTaken(bridge, body)));
    const acceptedSeconds = (performance.now() - startedMs) / 1_000;
    while ((await bridge.waiting()) > 0) {
      if (performance.now() - startedMs > WITHIN_MS) throw new Error(`${await bridge.waiting()} messages still wait`);
      await delay(50);
    }
    const note = `accepted in ${acceptedSeconds.toFixed(1)} s, then ${bridge.telegram.messages.length} messages at Telegram’s pace of one a second`;
    report('storm_10000_alerts_seconds', (performance.now() - startedMs) / 1_000, note);
    report('storm_bridge_pss_mb', peakMb, 'at its largest');
  } finally {
    clearInterval(weigher);
    await bridge.stop();
  }
});

/** As Alertmanager does: what is answered with 503 comes again. @throws Error for any other answer but 200 */
async function postUntilTaken(bridge: BridgeUnderTest, body: string): Promise<void> {
  for (;;) {
    const status = await bridge.post(body);
    if (status === 200) return;
    if (status !== 503) throw new Error(`the bridge answered ${status}`);
    await delay(REPEAT_MS);
  }
}
