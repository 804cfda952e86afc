// Live messages: while market alerts fire, asks Prometheus every few seconds for their present figures, because Alertmanager
// sends nothing when only figures change. Asks nothing while no message is live.

import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { readEpisodeTotals } from '../engines/episode-totals.ts';
import type { PrometheusClient } from '../engines/prometheus.ts';
import { figure, type Texts } from '../model/alert.ts';
import type { EpisodeTotals } from '../model/episode-totals.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import type { OutboxStore } from '../outbox/store.ts';
import type { WakeSignal } from './wake-signal.ts';

export interface LiveMessagesOptions {
  readonly store: Pick<OutboxStore, 'living' | 'observe' | 'end'>;
  readonly prometheus: PrometheusClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Woken where an edit or an end was enqueued. */
  readonly wakeSignal: Pick<WakeSignal, 'wake'>;
}

export interface LiveMessages {
  /** One look; to be called every `POLL_MS`. Never throws. */
  poll(): Promise<void>;
  /** Totals of a cascade, for its end state; `undefined` where Prometheus does not know them. */
  totalsOf(alert: StoredAlert): Promise<EpisodeTotals | undefined>;
}

export const POLL_MS = 3_000;
/** The window that fired lies before the alert's first event time. */
const LEAD_MS = 31_000;
const MAX_CACHED = 64;
const LOST_END_MS = 60_000;

export function createLiveMessages({
  store,
  prometheus,
  clock,
  logger,
  wakeSignal,
}: LiveMessagesOptions): LiveMessages {
  const totals = new Map<string, Promise<EpisodeTotals | undefined>>();
  /** When Prometheus last had the alert. An alert that it never had is not ended from here. */
  const seenAt = new Map<number, EpochMs>();
  let lastError = '';

  async function look(): Promise<void> {
    const living = await store.living();
    if (living.length === 0) return seenAt.clear();
    const firing = await prometheus.alerts();
    for (const alert of living) {
      const match = firing.find(({ labels }) => isSameAlert(labels, alert.labels));
      if (match) {
        seenAt.set(alert.id, clock.now());
        if (await store.observe(alert.id, match.annotations, clock.now())) wakeSignal.wake();
      } else await endIfGone(alert.id);
    }
    lastError = '';
  }

  /** Alertmanager sends an end within seconds. One that has not come after `LOST_END_MS` will not come. */
  async function endIfGone(alertId: number): Promise<void> {
    const lastSeenAt = seenAt.get(alertId);
    if (lastSeenAt === undefined || clock.now() - lastSeenAt < LOST_END_MS) return;
    seenAt.delete(alertId);
    await store.end(alertId, lastSeenAt, clock.now());
    wakeSignal.wake();
  }

  return {
    async poll() {
      try {
        await look();
      } catch (error) {
        // Only a change is worth a line: this repeats every few seconds.
        if (errorText(error) !== lastError) logger.warn({ err: error }, 'living alerts cannot be refreshed');
        lastError = errorText(error);
      }
    },
    async totalsOf(alert) {
      const { symbol, kind, eventAt } = alert.facts;
      if (kind !== 'cascade' || symbol === undefined || alert.endsAt === undefined) return undefined;
      const key = `${alert.id}|${alert.endsAt}`;
      const known = totals.get(key) ?? readTotals(symbol, eventAt - LEAD_MS, clock.now(), alert.peak);
      totals.set(key, known);
      const oldest = totals.keys().next();
      if (totals.size > MAX_CACHED && !oldest.done) totals.delete(oldest.value);
      return known;
    },
  };

  async function readTotals(
    symbol: string,
    fromMs: number,
    toMs: number,
    peak: Texts,
  ): Promise<EpisodeTotals | undefined> {
    try {
      const read = await readEpisodeTotals(prometheus, symbol, fromMs, toMs);
      // Counters are scraped less often than windows: less than the largest window means that they lag behind it.
      return read && read.longUsd + read.shortUsd >= (figure(peak.notional_usd) ?? 0) ? read : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Alertmanager's copy may carry more labels (Prometheus' external ones), never fewer. */
function isSameAlert(labels: Texts, stored: Texts): boolean {
  return labels.alertname !== undefined && Object.entries(labels).every(([name, value]) => stored[name] === value);
}
