// 10,000 alerts at once, posted to a bridge as Alertmanager would, until each is accepted and nothing waits any more.
import { setTimeout as delay } from 'node:timers/promises';
import { webhookText } from './alerts.ts';
import type { BridgeUnderTest } from './bridge.ts';
import { readMemory } from './processes.ts';

export const STORM_ALERTS = 10_000;
const ALERTS_PER_WEBHOOK = 500;
const WITHIN_MS = 90_000;
const REPEAT_MS = 500;

export interface StormFigures {
  readonly acceptedSeconds: number;
  /** Until nothing waited any more. */
  readonly seconds: number;
  /** What the bridge weighed at most. */
  readonly peakMb: number;
}

/** @throws Error when an alert is refused for good, or messages still wait after a minute and a half. */
export async function sendStorm(bridge: BridgeUnderTest): Promise<StormFigures> {
  let peakMb = 0;
  const weigher = setInterval(() => {
    try {
      peakMb = Math.max(peakMb, readMemory(bridge.service.pid).pssMb);
    } catch {
      // It has ended: who posts to it finds out, and says so.
      clearInterval(weigher);
    }
  }, 50);
  try {
    const startedMs = performance.now();
    const webhooks = Array.from({ length: STORM_ALERTS / ALERTS_PER_WEBHOOK }, (_, webhook) =>
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
    return { acceptedSeconds, seconds: (performance.now() - startedMs) / 1_000, peakMb };
  } finally {
    clearInterval(weigher);
  }
}

/** As Alertmanager does: what is answered with 503 comes again. @throws Error for any other answer but 200 */
async function postUntilTaken(bridge: BridgeUnderTest, body: string): Promise<void> {
  for (;;) {
    const status = await bridge.post(body);
    if (status === 200) return;
    if (status !== 503) throw new Error(`the bridge answered ${status}`);
    await delay(REPEAT_MS);
  }
}
