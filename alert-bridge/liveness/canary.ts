// The canary: every few minutes a synthetic alert travels Prometheus → Alertmanager → bridge. Here it is measured and ends;
// that none arrives for too long is for Prometheus to say (`CanaryMissing`). Keeps nothing but the last one's start.
import type { EpochMs } from '../../common/brands.ts';
import { ageMsOf, type Present } from '../outbox/lateness.ts';

export interface CanaryOptions {
  readonly readPresent: () => Present;
  /** One that was not known arrived, so many milliseconds after its rule held. */
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
