// Takes mapped messages from the feeds, keeps windows and state, and counts what is dropped: the one place where they meet.
// Runs for every message; holds no timer and does no I/O.
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import type { Exchange, FeedKind, Liquidation, MarketEvent, Reject } from './events.ts';
import type { FeedMessage } from './feed.ts';
import type { ExporterMetrics } from './metrics/exporter-metrics.ts';
import { rejectReasonOf } from './windows/admission.ts';
import type { ClockOffsets } from './windows/clock-offset.ts';
import type { LatestState } from './windows/latest-state.ts';
import type { LiquidationStore } from './windows/liquidation-store.ts';

export interface PipelineStages {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly liquidations: LiquidationStore;
  readonly offsets: ClockOffsets;
  readonly state: LatestState;
  readonly metrics: Pick<ExporterMetrics, 'observeLag' | 'countReject'>;
}

/** A reason is logged at most this often; between two lines they are only counted. */
const REJECT_LOG_INTERVAL_MS = 60_000;

export interface Pipeline {
  /** One message, in the order of arrival. Does not throw and does not wait. */
  take(received: FeedMessage): void;
  /** Counts, and logs now and then, what could not be used. */
  drop(exchange: Exchange, feed: FeedKind, reject: Reject): void;
}

export function createPipeline(stages: PipelineStages): Pipeline {
  const { liquidations, offsets, state, metrics } = stages;
  const logReject = createRejectLog(stages);

  function drop(exchange: Exchange, feed: FeedKind, reject: Reject): void {
    metrics.countReject(exchange, feed, reject.reason);
    logReject(exchange, feed, reject);
  }

  function takeLiquidation(liquidation: Liquidation, feed: FeedKind): void {
    const { exchange, eventTime, receiveTime, instrumentId } = liquidation;
    offsets.sampleEvent(exchange, eventTime, receiveTime);
    const reason = rejectReasonOf(liquidations.take(liquidation, offsets.offsetMs(exchange, receiveTime)));
    if (reason === undefined) metrics.observeLag(liquidation);
    else drop(exchange, feed, { reason, detail: `${instrumentId} of ${new Date(eventTime).toISOString()}` });
  }

  function takeEvent(event: MarketEvent, feed: FeedKind): void {
    switch (event.type) {
      case 'liquidation':
        takeLiquidation(event, feed);
        break;
      case 'open_interest':
        state.recordOpenInterest(event);
        break;
      case 'mark_price':
        state.recordMarkPrice(event);
        break;
    }
  }

  return {
    take({ exchange, feed, message, receiveTime }) {
      if (message.sentTime !== undefined) offsets.sample(exchange, message.sentTime, receiveTime);
      for (const event of message.events) takeEvent(event, feed);
      for (const reject of message.rejects) drop(exchange, feed, reject);
    },
    drop,
  };
}

/** Logs each reason of a feed at most once a minute, with how many were left out since. */
function createRejectLog({ clock, logger }: PipelineStages): typeof logOne {
  const lines = new Map<string, { at: number; leftOut: number }>();

  function logOne(exchange: Exchange, feed: FeedKind, { reason, detail }: Reject): void {
    const key = `${exchange} ${feed} ${reason}`;
    const line = lines.get(key);
    const now = clock.monotonicMs();
    if (line && now - line.at < REJECT_LOG_INTERVAL_MS) {
      line.leftOut++;
      return;
    }
    const leftOut = line?.leftOut ?? 0;
    lines.set(key, { at: now, leftOut: 0 });
    logger.warn({ exchange, feed, reason, detail: detail.slice(0, 200), leftOut }, 'message dropped');
  }
  return logOne;
}
