// The 30 seconds before a scrape, taken apart by exchange and side. Exact: counted event by event, no rates.
import { type EpochMs, epochMs, type Usd, usd } from '../../common/brands.ts';
import type { Exchange, Side } from '../events.ts';
import { toUsd } from './amount.ts';
import { at, type EventView, LATE_FLAG } from './event-columns.ts';
import { VENUE_SIDES } from './venue-side.ts';
import { WINDOW_MS } from './window-bounds.ts';

/** What one venue reported of one side. Only pairs with at least one event are listed. */
export interface WindowPart {
  readonly exchange: Exchange;
  readonly side: Side;
  readonly events: number;
  readonly notionalUsd: Usd;
  readonly largestUsd: Usd;
  /** Price of the largest; where the columns keep a symbol instead of a price, meaningless. */
  readonly largestPriceUsd: Usd;
  /** Event time of the largest, our clock. */
  readonly largestTime: EpochMs;
}

/**
 * Totals over the events whose time lies in (now − 30 s, now]. Late events are in it, since the window is defined by
 * event time alone; events of the next two seconds are not, until their time has come.
 */
export function windowTotals(view: EventView, now: EpochMs): readonly WindowPart[] {
  const { times, amounts, extras, codes } = view;
  const counts = new Float64Array(VENUE_SIDES.length);
  const sums = new Float64Array(VENUE_SIDES.length);
  const largest = new Float64Array(VENUE_SIDES.length).fill(-1);
  for (let index = firstAfter(view, now - WINDOW_MS); index < view.end && at(times, index) <= now; index++) {
    const code = Number(codes[index]) & ~LATE_FLAG;
    const amount = at(amounts, index);
    counts[code] = at(counts, code) + 1;
    sums[code] = at(sums, code) + amount;
    if (at(largest, code) < 0 || amount > at(amounts, at(largest, code))) largest[code] = index;
  }
  return VENUE_SIDES.flatMap(({ exchange, side }, code) => {
    if (at(counts, code) === 0) return [];
    const top = at(largest, code);
    return {
      exchange,
      side,
      events: at(counts, code),
      notionalUsd: toUsd(at(sums, code)),
      largestUsd: toUsd(at(amounts, top)),
      largestPriceUsd: usd(at(extras, top)),
      largestTime: epochMs(at(times, top)),
    };
  });
}

/** Index of the first event with a time above `time`. */
function firstAfter({ times, start, end }: EventView, time: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(times, middle) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
