// `GET /recent`: the newest liquidations, for pages that show what happens now. Figures have seven significant digits.
import type { EpochMs } from '../../common/brands.ts';
import type { Exchange, Side } from '../events.ts';

export interface RecentLiquidation {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly liquidatedSide: Side;
  readonly notionalUsd: number;
  readonly priceUsd: number;
  /** Venue clock. */
  readonly eventTime: EpochMs;
}

/** The first `limit` of them as JSON shows them: event time as ISO text, on the venue's clock. */
export function describeRecent(recent: Iterable<RecentLiquidation>, limit: number) {
  const shown: (Omit<RecentLiquidation, 'eventTime'> & { readonly eventTime: string })[] = [];
  for (const { eventTime, ...rest } of recent) {
    if (shown.length === limit) break;
    shown.push({ ...rest, eventTime: new Date(eventTime).toISOString() });
  }
  return shown;
}
