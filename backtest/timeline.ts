// When a back-test looks: every second where liquidations arrive and shortly after, once a minute elsewhere, and not at all
// where the recorder was off. Pure; milliseconds since 1970.

/** After the last arrival: 45 s in which events stay in the windows, 60 s in which an alert holds on, and some slack. */
const TAIL_MS = 120_000;
/** Busy stretches closer than this are one: two more questions to the engine cost more than the seconds between. */
const JOIN_MS = 300_000;
/** Before the first event, so that thresholds stand when it comes; after the last, so that alerts can end. */
const LEAD_MS = 300_000;
const QUIET_STEP_MS = 60_000;
const BUSY_STEP_MS = 1_000;

export interface Segment {
  /** Both included, multiples of `stepMs`. */
  readonly start: number;
  readonly end: number;
  readonly stepMs: number;
}

/** A stretch in which the recorder ran: its first look is like the start of an exporter. */
export interface Session {
  readonly start: number;
  readonly end: number;
  readonly segments: readonly Segment[];
  readonly hasLiquidations: boolean;
}

/**
 * @param arrivals receive times of liquidations, ascending
 * @param others receive times of open interest and prices, ascending
 * @param gapMs a longer silence of everything means that the recorder was off
 */
export function planSessions(
  arrivals: readonly number[],
  others: readonly number[],
  gapMs: number,
): readonly Session[] {
  const spans = cluster([...arrivals, ...others].sort(ascending), gapMs).map(({ first, last }) => ({
    start: floorTo(first - LEAD_MS, QUIET_STEP_MS),
    end: ceilTo(last + 2 * LEAD_MS, QUIET_STEP_MS),
  }));
  const busy = cluster(arrivals, JOIN_MS).map(({ first, last }) => ({
    start: floorTo(first, BUSY_STEP_MS),
    end: ceilTo(last + TAIL_MS, BUSY_STEP_MS),
  }));
  return joinTouching(spans).map(({ start, end }) => {
    const inside = busy.filter((stretch) => stretch.start >= start && stretch.end <= end);
    return { start, end, segments: toSegments(start, end, inside), hasLiquidations: inside.length > 0 };
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Busy stretches at one second, and what lies between them at one minute. */
function toSegments(start: number, end: number, busy: readonly Span[]): readonly Segment[] {
  const segments: Segment[] = [];
  let from = start;
  const addQuiet = (until: number) => {
    if (from <= until) segments.push({ start: from, end: until, stepMs: QUIET_STEP_MS });
  };
  for (const stretch of busy) {
    addQuiet(floorTo(stretch.start - 1, QUIET_STEP_MS));
    segments.push({ ...stretch, stepMs: BUSY_STEP_MS });
    from = ceilTo(stretch.end + 1, QUIET_STEP_MS);
  }
  addQuiet(end);
  return segments;
}

function cluster(
  times: readonly number[],
  gapMs: number,
): readonly { readonly first: number; readonly last: number }[] {
  const clusters: { first: number; last: number }[] = [];
  for (const time of times) {
    const current = clusters.at(-1);
    if (current && time - current.last <= gapMs) current.last = time;
    else clusters.push({ first: time, last: time });
  }
  return clusters;
}

function joinTouching(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before && span.start <= before.end) joined[joined.length - 1] = { start: before.start, end: span.end };
    else joined.push(span);
  }
  return joined;
}

function ascending(one: number, other: number): number {
  return one - other;
}

function floorTo(time: number, step: number): number {
  return Math.floor(time / step) * step;
}

function ceilTo(time: number, step: number): number {
  return Math.ceil(time / step) * step;
}
