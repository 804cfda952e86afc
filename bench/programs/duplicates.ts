// Every alert delivered three times (the webhook again, and a second Alertmanager behind a second Prometheus), with restarts
// in between: messages that a chat gets more than once, per million.
import { LOWEST_RANK } from '../../alert-bridge/outbox/priority.ts';
import type { OutboxStore } from '../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../common/brands.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { cascadeOn, makeOutboxFolder, OUTBOX_CHAT } from '../rig/outbox.ts';

const BATCHES = isAsked('quick') ? 40 : 100;
const ALERTS_PER_BATCH = 50;
/** Batches between two restarts. */
const RESTART_EVERY = 20;
const HOUR_MS = 3_600_000;
/** A second Prometheus sees the same condition a little later, so `startsAt` differs. */
const SECOND_PROMETHEUS_MS = 700;

/** The symbols of the messages that leave. */
async function drain(store: OutboxStore, nowMs: number): Promise<readonly string[]> {
  const told: string[] = [];
  for (;;) {
    const delivery = await store.claim([OUTBOX_CHAT.key], epochMs(nowMs), LOWEST_RANK);
    if (!delivery) return told;
    if (delivery.phase === 'firing' && delivery.subject.type === 'alert') {
      told.push(delivery.subject.alert.facts.symbol ?? '');
    }
    await store.settle(delivery.id, { type: 'delivered', messageId: delivery.id, text: '' }, epochMs(nowMs));
  }
}

await runMeasurement(async () => {
  const folder = makeOutboxFolder();
  let nowMs = Date.now();
  let store = await folder.open(nowMs);
  const told = new Map<string, number>();
  try {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      // An hour apart, so that no quota stands between.
      nowMs += HOUR_MS;
      const present = { now: epochMs(nowMs), wallNow: epochMs(nowMs) };
      const symbols = Array.from({ length: ALERTS_PER_BATCH }, (_, alert) => `D${batch}X${alert}`);
      const first = symbols.map((symbol) => cascadeOn(symbol, nowMs));
      const second = symbols.map((symbol) => cascadeOn(symbol, nowMs + SECOND_PROMETHEUS_MS));
      await store.accept(first, present);
      const early = await drain(store, nowMs);
      if (batch % RESTART_EVERY === 0) {
        await store.close();
        store = await folder.open(nowMs);
      }
      await store.accept(second, present);
      await store.accept(first, present);
      for (const symbol of [...early, ...(await drain(store, nowMs))]) told.set(symbol, (told.get(symbol) ?? 0) + 1);
    }
    const expected = BATCHES * ALERTS_PER_BATCH;
    if (told.size !== expected) throw new Error(`${expected - told.size} alerts were never told`);
    const messages = [...told.values()].reduce((sum, times) => sum + times, 0);
    const note = `${expected} alerts, each delivered three times`;
    report('duplicates_per_million', ((messages - expected) / messages) * 1e6, note);
  } finally {
    await store.close();
    folder.remove();
  }
});
