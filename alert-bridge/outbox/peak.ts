// When an alert's figures count as grown: what a living message is edited for, and what its end state shows as peak.
import { figure, type Texts } from '../model/alert.ts';

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

/** Whether an alert has grown enough since `told` (its magnitude when its message was last written) to be told anew. */
export function hasGrown(told: number | undefined, fresh: Texts): boolean {
  const now = magnitude(fresh);
  return told !== undefined && now !== undefined && now > told * (1 + WORTH_TELLING_RATIO);
}
