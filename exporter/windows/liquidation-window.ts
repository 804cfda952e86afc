// The 30 seconds before a scrape, taken apart by exchange and side. Exact: counted event by event, no rates.
import type { EpochMs } from '../../common/brands.ts';
import { at, type EventView } from './event-columns.ts';
import type { SecondIndex } from './second-index.ts';
import { Tally, type TallyPart } from './tally.ts';
import { WINDOW_MS } from './window-bounds.ts';

/** What one venue reported of one side. Only pairs with at least one event are listed. */
export type WindowPart = TallyPart;

/**
 * Totals over the events whose time lies in (now − 30 s, now]. Late events are in it, since the window is defined by
 * event time alone; events of the next two seconds are not, until their time has come.
 * @param index of the same view, where there is one: spares the count of whole seconds
 */
export function windowTotals(view: EventView, now: EpochMs, index?: SecondIndex): readonly WindowPart[] {
  const from = firstAfter(view, now - WINDOW_MS);
  const to = firstAfter(view, now);
  if (index) return index.tally(from, to).parts();
  const tally = new Tally(view.sides);
  tally.addEvents(view, from, to);
  return tally.parts();
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
