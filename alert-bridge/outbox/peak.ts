// When an alert has grown enough to edit its message, and which figures are the peak that its end state shows.
import { figure, type Texts } from '../model/alert.ts';

/** Growth below this share is not worth an edit. */
const WORTH_AN_EDIT_RATIO = 0.05;

/** How big an alert is: dollars liquidated, or the size of the change. `undefined` for alerts without such a figure. */
export function magnitude(annotations: Texts): number | undefined {
  const size = figure(annotations.notional_usd) ?? figure(annotations.change_ratio);
  return size === undefined ? undefined : Math.abs(size);
}

/** The annotations with the larger magnitude; the newer ones where they are equal. */
export function laterPeak(peak: Texts, fresh: Texts): Texts {
  return (magnitude(fresh) ?? 0) >= (magnitude(peak) ?? 0) ? fresh : peak;
}

/** @param shown the alert's magnitude when its message was last written */
export function hasGrown(shown: number | undefined, fresh: Texts): boolean {
  const now = magnitude(fresh);
  return shown !== undefined && now !== undefined && now > shown * (1 + WORTH_AN_EDIT_RATIO);
}
