// What may become of a liquidation, decided from its times and size alone. Pure; counting is the caller's.
import type { EpochMs, Usd } from '../../common/brands.ts';
import { MAX_LIQUIDATION_USD, type RejectReason } from '../events.ts';
import { FUTURE_MS, LATE_MS } from './window-bounds.ts';

/**
 * `admit`: counted, in windows and bursts. `late`: counted and in the 30 s gauges, in no burst.
 * `future` and `absurd`: rejected, counted nowhere but as a reject.
 */
export type Admission = 'admit' | 'late' | 'future' | 'absurd';

export interface Arrival {
  /** The venue's event time moved to our clock. */
  readonly time: EpochMs;
  /** Our clock. */
  readonly receiveTime: EpochMs;
  readonly notionalUsd: Usd;
}

export function admit({ time, receiveTime, notionalUsd }: Arrival): Admission {
  if (notionalUsd > MAX_LIQUIDATION_USD) return 'absurd';
  const ageMs = receiveTime - time;
  if (ageMs < -FUTURE_MS) return 'future';
  return ageMs > LATE_MS ? 'late' : 'admit';
}

/** The reason under which a decision is counted as a reject; `undefined` where the event counts. */
export function rejectReasonOf(admission: Admission): RejectReason | undefined {
  switch (admission) {
    case 'future':
      return 'future_event';
    case 'absurd':
      return 'invalid_field';
    case 'admit':
    case 'late':
      return undefined;
  }
}
