// How old an event may be: past the first bound its message says that it is late, past the second only the digest names it.
import type { EpochMs } from '../../common/brands.ts';
import type { AlertKind } from '../model/alert.ts';

export interface LatenessBounds {
  readonly lateMs: number;
  readonly tooLateMs: number;
}

const EVENT: LatenessBounds = { lateMs: 15_000, tooLateMs: 120_000 };
const OPEN_INTEREST: LatenessBounds = { lateMs: 60_000, tooLateMs: 900_000 };

const BOUNDS: Readonly<Record<AlertKind, LatenessBounds | undefined>> = {
  cascade: EVENT,
  large_liquidation: EVENT,
  market_cascade: EVENT,
  oi_explosion: OPEN_INTEREST,
  oi_collapse: OPEN_INTEREST,
  stack: undefined,
  other: undefined,
};

export type Lateness =
  | { readonly type: 'in_time' }
  | { readonly type: 'late'; readonly seconds: number }
  | { readonly type: 'too_late'; readonly seconds: number };

/** The present by two clocks: when somebody sets the system clock, one of them is wrong, never both. */
export interface Present {
  readonly now: EpochMs;
  readonly wallNow: EpochMs;
}

/** Age in milliseconds by the clock that makes it smaller: a jump of the system clock must not make an event late. */
export function ageMsOf(at: EpochMs, { now, wallNow }: Present): number {
  const ages = [now - at, wallNow - at].filter((age) => age >= 0);
  return ages.length === 0 ? 0 : Math.min(...ages);
}

/** Judges the age of an event. */
export function judgeLateness(kind: AlertKind, eventAt: EpochMs, present: Present): Lateness {
  const bounds = BOUNDS[kind];
  if (!bounds) return { type: 'in_time' };
  const ageMs = ageMsOf(eventAt, present);
  const seconds = Math.round(ageMs / 1_000);
  if (ageMs > bounds.tooLateMs) return { type: 'too_late', seconds };
  return ageMs > bounds.lateMs ? { type: 'late', seconds } : { type: 'in_time' };
}
