// The spans of time that windows, bursts and admission agree on, each with its reason. Milliseconds.

/** A cascade is judged over 30 s, half-open: (t − 30 s, t]. */
export const WINDOW_MS = 30_000;

/** Older than this on arrival: counted, but no part of a burst. Binance comes about 1 s late, OKX at times much more. */
export const LATE_MS = 10_000;

/** Further ahead of our clock than this: rejected, because no venue can report what has not happened yet. */
export const FUTURE_MS = 2_000;

/**
 * How long a window stays readable after its last event arrived. A Prometheus that is restarted does not scrape for
 * seven seconds and more; what cascades meanwhile must still be there when it is back. Longer would let an old burst
 * stand longer without finding more.
 */
export const HOLD_MS = 10_000;

/**
 * How far back events are kept. A readable window holds an event that arrived at most HOLD_MS ago and was then at most
 * LATE_MS old, so it ends after now − 20 s and begins after now − 50 s.
 */
export const RETENTION_MS = WINDOW_MS + LATE_MS + HOLD_MS;
