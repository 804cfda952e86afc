// The independent count: which alerts a list of liquidations must give, by brute force over every 30 seconds of event time.
// Shares no line with the windows of the exporter or with the rules.
import type { PlayedEvent } from './recorded-orders.ts';

export interface Thresholds {
  readonly count: number;
  readonly cascadeUsd: number;
  readonly singleUsd: number;
}

/** One stretch of time in which an alert of a tier fires. */
export interface Episode {
  readonly symbol: string;
  readonly tier: number;
  /** Event time of what begins it, milliseconds. */
  readonly start: number;
  /** Event time of the last that keeps it going. */
  readonly last: number;
  /** The windows (or single liquidations) that reach the tier. */
  readonly hits: readonly Hit[];
}

export interface Hit {
  readonly time: number;
  readonly count: number;
  readonly usd: number;
}

const WINDOW_MS = 30_000;
const TIERS = [1, 4, 16, 64];

/** A burst is held for 10 s and the alert for 60 s more; a single one stands for 30 s and 30 s more. */
export const CASCADE_LASTS_MS = 70_000;
export const SINGLE_LASTS_MS = 60_000;

/** Windows (t − 30 s, t] that end at an event. */
export function windowsOf(events: readonly PlayedEvent[]): readonly Hit[] {
  const inTime = events.filter(({ isLate }) => !isLate);
  return inTime.map(({ time }) => {
    const within = inTime.filter((other) => other.time > time - WINDOW_MS && other.time <= time);
    return { time, count: within.length, usd: within.reduce((sum, { usd }) => sum + usd, 0) };
  });
}

export function cascades(
  events: readonly PlayedEvent[],
  thresholdsOf: (symbol: string) => Thresholds,
): readonly Episode[] {
  return [...Map.groupBy(events, ({ symbol }) => symbol)].flatMap(([symbol, own]) => {
    const { count, cascadeUsd } = thresholdsOf(symbol);
    const windows = windowsOf(own).filter((window) => window.count >= count);
    return TIERS.flatMap((tier) =>
      episodesOf(
        symbol,
        tier,
        windows.filter(({ usd }) => usd >= tier * cascadeUsd),
        CASCADE_LASTS_MS,
      ),
    );
  });
}

export function singles(
  events: readonly PlayedEvent[],
  thresholdsOf: (symbol: string) => Thresholds,
): readonly Episode[] {
  return [...Map.groupBy(events, ({ symbol }) => symbol)].flatMap(([symbol, own]) => {
    const hits = own.filter(({ isLate }) => !isLate).map(({ time, usd }) => ({ time, usd, count: 1 }));
    return TIERS.flatMap((tier) =>
      episodesOf(
        symbol,
        tier,
        hits.filter(({ usd }) => usd >= tier * thresholdsOf(symbol).singleUsd),
        SINGLE_LASTS_MS,
      ),
    );
  });
}

/** Over every symbol. */
export function marketWide(events: readonly PlayedEvent[], count: number, usd: number): readonly Episode[] {
  const hits = windowsOf(events).filter((window) => window.count >= count && window.usd >= usd);
  return episodesOf('', 1, hits, CASCADE_LASTS_MS);
}

/** Hits that follow each other while the alert still stands are one episode. */
export function episodesOf(symbol: string, tier: number, hits: readonly Hit[], lastsMs: number): readonly Episode[] {
  const episodes: Episode[] = [];
  for (const hit of hits.toSorted((one, other) => one.time - other.time)) {
    const open = episodes.at(-1);
    if (open && hit.time - open.last <= lastsMs) {
      episodes[episodes.length - 1] = { ...open, last: hit.time, hits: [...open.hits, hit] };
    } else episodes.push({ symbol, tier, start: hit.time, last: hit.time, hits: [hit] });
  }
  return episodes;
}

/** Those that people are told: not while one of a higher tier of the same symbol stands or begins at the same time. */
export function toldOf(episodes: readonly Episode[], lastsMs: number, togetherMs: number): readonly Episode[] {
  return episodes.filter(
    ({ symbol, tier, start }) =>
      !episodes.some(
        (other) =>
          other.symbol === symbol &&
          other.tier > tier &&
          other.start <= start + togetherMs &&
          other.last + lastsMs >= start,
      ),
  );
}
