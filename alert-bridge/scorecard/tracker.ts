// Looks up the price after an alert, at each horizon. A price that Prometheus does not have yet is asked for again; after an
// hour it is recorded as unknown.
import type { Clock } from '../../common/clock.ts';
import { type Horizon, LEAD_TARGETS, leadMs, type ScoredKind } from './horizons.ts';
import type { PriceHistory } from './prices.ts';
import type { DueMove, TrackStore } from './store.ts';

export interface TrackerOptions {
  readonly store: TrackStore;
  readonly prices: PriceHistory;
  readonly clock: Clock;
  readonly onMove: (kind: ScoredKind, horizon: Horizon, ratio: number) => void;
}

/** Prices are scraped every few seconds: an earlier answer would be the price before the horizon. */
const SETTLE_MS = 20_000;
const GIVE_UP_MS = 3_600_000;
const LOOK_BACK_MS = 2 * 3_600_000;
const LAST_HORIZON: Horizon = 60;
const STEP = 100;

/** One round; to be called every ten seconds or so. @throws Error when Prometheus does not answer: the next round goes on. */
export async function trackPrices({ store, prices, clock, onMove }: TrackerOptions): Promise<void> {
  const now = clock.now();
  await store.schedule(now - LOOK_BACK_MS);
  for (const move of await store.due(clock.now(), STEP)) {
    if (now - move.dueAt < SETTLE_MS) continue;
    const ratio = await moveSince(move);
    const isHopeless = now - move.dueAt > GIVE_UP_MS;
    if (ratio === undefined && !isHopeless) continue;
    if (move.horizon === LAST_HORIZON) await recordLead(move);
    await store.record(move, ratio);
    if (ratio !== undefined) onMove(move.kind, move.horizon, ratio);
  }

  async function moveSince({ symbol, eventAt, dueAt }: DueMove): Promise<number | undefined> {
    const [before, after] = await Promise.all([prices.priceAt(symbol, eventAt), prices.priceAt(symbol, dueAt)]);
    return before === undefined || after === undefined ? undefined : after / before - 1;
  }

  async function recordLead({ alertId, symbol, kind, notifiedAt, dueAt }: DueMove): Promise<void> {
    const seen = await prices.pricesBetween(symbol, notifiedAt, dueAt);
    if (seen.length > 0) await store.recordLead(alertId, leadMs(seen, LEAD_TARGETS[kind].moveRatio));
  }
}
