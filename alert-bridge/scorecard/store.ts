// The track record: the price after each alert, and people's votes. The store also keeps the schedule of prices to look up,
// so that a restart forgets none of it.
import type { EpochMs } from '../../common/brands.ts';
import type { Horizon, ScoredKind } from './horizons.ts';

export interface DueMove {
  readonly alertId: number;
  readonly kind: ScoredKind;
  readonly symbol: string;
  readonly horizon: Horizon;
  readonly dueAt: EpochMs;
  /** When the event happened; prices are compared with the one of this moment. */
  readonly eventAt: EpochMs;
  /** When the first chat had it. */
  readonly notifiedAt: EpochMs;
}

export interface MoveSample {
  readonly kind: ScoredKind;
  readonly horizon: Horizon;
  /** Signed change of the price since the event. */
  readonly ratio: number;
}

export interface LeadSample {
  readonly kind: ScoredKind;
  /** `undefined`: the announced move did not come within the hour. */
  readonly leadMs: number | undefined;
}

export interface TrackSamples {
  readonly moves: readonly MoveSample[];
  readonly leads: readonly LeadSample[];
  readonly useful: number;
  readonly useless: number;
  /** Milliseconds to each acknowledgement. */
  readonly acknowledgedAfterMs: readonly number[];
  readonly told: number;
}

export interface TrackStore {
  /** Puts alerts that reached a chat since `sinceMs` on the schedule, each once. */
  schedule(sinceMs: number): Promise<void>;
  due(now: EpochMs, limit: number): Promise<readonly DueMove[]>;
  /** `undefined` ratio: the price of one of the two moments is not known and never will be. */
  record(move: DueMove, ratio: number | undefined): Promise<void>;
  recordLead(alertId: number, leadMs: number | undefined): Promise<void>;
  samples(sinceMs: number): Promise<TrackSamples>;
}
