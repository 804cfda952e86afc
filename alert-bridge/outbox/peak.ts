// When an alert's figures count as grown: what a living message is edited for, and what its end state shows as peak.
import { figure, type Texts } from '../alert.ts';

/** Growth below this share is not worth an edit. */
const WORTH_TELLING_RATIO = 0.05;

/** How big an alert is: dollars liquidated, or the size of the change. `undefined` for alerts without such a figure. */
export function magnitude(annotations: Texts): number | undefined {
  const size = figure(annotations.notional_usd) ?? figure(annotations.change_ratio);
  return size === undefined ? undefined : Math.abs(size);
}

/** The larger of two readings; the newer one when it is no smaller. */
export function laterPeak(peak: Texts, fresh: Texts): Texts {
  return (magnitude(fresh) ?? 0) >= (magnitude(peak) ?? 0) ? fresh : peak;
}

export function hasGrown(peak: Texts, fresh: Texts): boolean {
  const before = magnitude(peak);
  const after = magnitude(fresh);
  if (before === undefined || after === undefined) return false;
  return after > before * (1 + WORTH_TELLING_RATIO);
}
