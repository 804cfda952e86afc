// The canary: every few minutes a synthetic alert travels Prometheus → Alertmanager → bridge. Here it is measured and ends;
// that none arrives is Prometheus' alert (`CanaryMissing`). Keeps only the start of the last one.
import type { EpochMs } from '../../common/brands.ts';
import { ageMsOf, type Present } from '../outbox/lateness.ts';

export interface CanaryOptions {
  readonly readPresent: () => Present;
  /** Called for each new canary, with the milliseconds since its rule held. */
  readonly onArrived: (latencyMs: number, at: EpochMs) => void;
}

/** @returns to be called with the `startsAt` of each canary that fires; the same one from two Alertmanagers counts once */
export function createCanary({ readPresent, onArrived }: CanaryOptions): (startsAt: EpochMs) => void {
  let lastStartsAt: EpochMs | undefined;
  return (startsAt) => {
    if (startsAt === lastStartsAt) return;
    lastStartsAt = startsAt;
    const present = readPresent();
    onArrived(ageMsOf(startsAt, present), present.now);
  };
}
