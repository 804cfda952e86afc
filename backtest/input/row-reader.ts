// What every kind of file has in common: a reader that is given one line after the other.
import type { MarketEvent } from '../../exporter/events.ts';

/** What one line said. */
export interface RowContent {
  readonly events: readonly MarketEvent[];
  /** Why the line, or a part of it, was skipped. */
  readonly faults: readonly string[];
}

export type ReadRow = (text: string) => RowContent;

export const NOTHING: RowContent = { events: [], faults: [] };

export function fault(reason: string): RowContent {
  return { events: [], faults: [reason] };
}
