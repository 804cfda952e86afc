// Mutants of windows, clock offset, state and their metrics: the ways in which a count can be almost right.
import type { Mutant } from './mutant.ts';

const of = (name: string, tests: readonly string[]) => ({
  file: `exporter/${name}`,
  tests: tests.map((test) => `tests/exporter/${test}`),
});

const WINDOW = of('windows/liquidation-window.ts', ['windows/liquidation-window.test.ts']);
const TALLY = of('windows/tally.ts', ['windows/liquidation-window.test.ts']);
const DENSE = of('windows/dense-burst.ts', ['windows/dense-burst.test.ts']);
const SECONDS = of('windows/second-index.ts', ['windows/dense-burst.test.ts']);
const BURST = of('windows/burst.ts', ['windows/burst.test.ts']);
const FRONT = of('windows/pareto-front.ts', ['windows/pareto-front.test.ts']);
const BOUNDS = of('windows/window-bounds.ts', ['windows/burst.test.ts', 'windows/event-columns.test.ts']);
const ADMISSION = of('windows/admission.ts', ['windows/admission.test.ts']);
const BOOK = of('windows/liquidation-store.ts', ['windows/liquidation-store.test.ts']);
const COLUMNS = of('windows/event-columns.ts', ['windows/event-columns.test.ts']);
const OFFSET = of('windows/clock-offset.ts', ['windows/clock-offset.test.ts']);
const LOW = of('windows/sliding-low.ts', ['windows/clock-offset.test.ts']);
const MEDIAN = of('windows/recent-median.ts', ['windows/clock-offset.test.ts']);
const STATE = of('windows/latest-state.ts', ['windows/latest-state.test.ts']);
const RING = of('windows/liquidation-ring.ts', ['windows/liquidation-ring.test.ts']);
const METRICS = ['metrics/exporter-metrics.test.ts'];

export const mutants: readonly Mutant[] = [
  {
    ...WINDOW,
    name: 'window closed at its old edge',
    find: 'at(times, middle) > time',
    replace: 'at(times, middle) >= time',
  },
  {
    ...WINDOW,
    name: 'window open at its new edge',
    find: 'firstAfter(view, now);',
    replace: 'firstAfter(view, now - 1);',
  },
  {
    ...TALLY,
    name: 'largest is the last',
    find: 'const isLess = largest < at(this.#largest, cell);',
    replace: 'const isLess = false;',
  },
  { ...DENSE, name: 'what came since is left out', find: 'front.addedCount === 0 && ', replace: '' },
  { ...DENSE, name: 'hold of the past', find: 'between.lastArrival > arrivedAfter', replace: 'true' },
  { ...DENSE, name: 'new beginnings overlooked', find: '[earliest, ...known.points]', replace: 'known.points' },
  {
    ...DENSE,
    name: 'dense window a millisecond too long',
    find: 'for (; first < tailEnd && at(times, first) <= left; first++)',
    replace: 'for (; first < tailEnd && at(times, first) < left; first++)',
  },
  { ...SECONDS, name: 'what has gone still counted', find: ' && !second.isCut', replace: '' },
  { ...SECONDS, name: 'a second out of date', find: 'second?.version !== version', replace: '!second' },
  {
    ...BURST,
    name: 'burst window a millisecond too long',
    find: 'at(times, first) <= left',
    replace: 'at(times, first) < left',
  },
  {
    ...BURST,
    name: 'hold ends a moment late',
    find: 'if (at(arrivals, last) > arrivedAfter) recent++',
    replace: 'if (at(arrivals, last) >= arrivedAfter) recent++',
  },
  {
    ...BURST,
    name: 'late event in the count',
    find: 'if (Number(codes[last]) >= LATE_FLAG) continue;\n    count++',
    replace: 'count++',
  },
  { ...BURST, name: 'value never leaves the window', find: '      amount -= at(amounts, first);\n', replace: '' },
  { ...BURST, name: 'count never leaves the window', find: '      count--;\n', replace: '' },
  {
    ...BURST,
    name: 'count and value of different windows',
    find: 'events: point.count,',
    replace: 'events: points.at(-1)?.count ?? 0,',
  },
  { ...BURST, name: 'windows of the past for ever', find: 'if (recent > 0 && !isBeaten)', replace: 'if (!isBeaten)' },
  {
    ...BURST,
    name: 'parts of the slot before kept',
    find: 'while (this.#first < first) this.#change(this.#first++, -1);',
    replace: 'this.#first = first;',
  },
  {
    ...BURST,
    name: 'largest of a window that has passed',
    find: 'if (this.#largest < first)',
    replace: 'if (this.#largest < 0)',
  },
  {
    ...BURST,
    name: 'smallest symbols on top',
    find: 'other.amount - one.amount',
    replace: 'one.amount - other.amount',
  },
  {
    ...FRONT,
    name: 'only the best value survives',
    find: 'Number(points[position - 1]?.amount) <= amount',
    replace: 'Number(points[position - 1]?.count) <= count',
  },
  {
    ...FRONT,
    name: 'thinning loses the far end',
    find: 'Math.ceil(((step + 1) * rest.length) / steps) - 1',
    replace: 'Math.floor((step * rest.length) / steps)',
  },
  { ...BOUNDS, name: 'no hold', find: 'HOLD_MS = 10_000', replace: 'HOLD_MS = 1' },
  { ...BOUNDS, name: 'window of 31 seconds', find: 'WINDOW_MS = 30_000', replace: 'WINDOW_MS = 31_000' },
  {
    ...BOUNDS,
    name: 'events forgotten with their window',
    find: 'WINDOW_MS + LATE_MS + HOLD_MS',
    replace: 'WINDOW_MS',
  },
  { ...ADMISSION, name: 'late admitted', find: "ageMs > LATE_MS ? 'late' : 'admit'", replace: "'admit'" },
  { ...ADMISSION, name: 'ten seconds already late', find: 'ageMs > LATE_MS', replace: 'ageMs >= LATE_MS' },
  { ...ADMISSION, name: 'future admitted', find: "if (ageMs < -FUTURE_MS) return 'future';", replace: '' },
  {
    ...BOOK,
    name: 'offset with the wrong sign',
    find: 'liquidation.eventTime + Math.round(offsetMs)',
    replace: 'liquidation.eventTime - Math.round(offsetMs)',
  },
  {
    ...BOOK,
    name: 'offset forgotten',
    find: 'liquidation.eventTime + Math.round(offsetMs)',
    replace: 'liquidation.eventTime',
  },
  { ...BOOK, name: 'late not marked', find: '(isLate ? LATE_FLAG : 0)', replace: '0' },
  { ...BOOK, name: 'late not counted', find: 'if (isLate) this.#late[exchange]++;', replace: '' },
  {
    ...BOOK,
    name: 'only watched symbols in the market',
    find: 'this.#market.append(',
    replace: 'if (kept.totals) this.#market.append(',
    tests: ['tests/exporter/windows/burst.test.ts'],
  },
  { ...COLUMNS, name: 'out of order left where it is', find: 'at(times, index - 1) <= event.time', replace: 'true' },
  {
    ...COLUMNS,
    name: 'equal times in any order',
    find: 'at(columns.times, older - 1) > at(tail.times, newer)',
    replace: 'at(columns.times, older - 1) >= at(tail.times, newer)',
  },
  { ...COLUMNS, name: 'bound not held', find: 'if (this.size > this.#maxEvents) this.#dropOldest();', replace: '' },
  {
    ...COLUMNS,
    name: 'memory of a storm kept',
    find: 'capacity > FIRST_CAPACITY && this.size * 8 < capacity',
    replace: 'false',
  },
  {
    ...OFFSET,
    name: 'offset sign',
    find: 'const difference = receiveTime - sentTime;',
    replace: 'const difference = sentTime - receiveTime;',
  },
  { ...OFFSET, name: 'nothing borrowed', find: 'this.#commonLow(now) ?? ', replace: '' },
  { ...OFFSET, name: 'host clock error left out', find: 'estimate + wallNow - now', replace: 'estimate' },
  {
    ...LOW,
    name: 'slowest message instead of the fastest',
    find: 'return one - other;',
    replace: 'return other - one;',
  },
  { ...LOW, name: 'one broken time stamp decides', find: 'const KEPT = 3;', replace: 'const KEPT = 1;' },
  {
    ...LOW,
    name: 'a jump back never followed',
    find: 'if (age < BUCKET_MS) return false;',
    replace: 'if (age < 1e9) return false;',
  },
  {
    ...MEDIAN,
    name: 'first event believed',
    find: 'samples.length < ENOUGH || stretchMs < ENOUGH_STRETCH_MS',
    replace: 'samples.length < 1',
  },
  {
    ...STATE,
    name: 'partial sum',
    find: 'if (!openInterest || openInterest.receiveTime < oldest) return undefined;',
    replace: 'if (!openInterest || openInterest.receiveTime < oldest) continue;',
  },
  {
    ...STATE,
    name: 'stale open interest shown',
    find: '!openInterest || openInterest.receiveTime < oldest',
    replace: '!openInterest',
  },
  {
    ...STATE,
    name: 'stale price shown',
    find: 'main && main.receiveTime >= oldest && main.priceUsd > 0',
    replace: 'main && main.priceUsd > 0',
  },
  {
    ...STATE,
    name: 'inverse dollars taken for coins',
    find: 'base += openInterest.notionalUsd / markPriceUsd',
    replace: 'base += openInterest.notionalUsd',
  },
  {
    ...STATE,
    name: 'price of any contract',
    find: 'const bestRank = Math.min(',
    replace: 'const bestRank = Math.max(',
  },
  {
    ...RING,
    name: 'ring one record short',
    find: 'Math.min(this.#size + 1, this.capacity)',
    replace: 'Math.min(this.#size + 1, this.capacity - 1)',
  },
  { ...RING, name: 'oldest first', find: 'this.#next - age + this.capacity', replace: 'this.#next + age - 1' },
  {
    ...of('metrics/sources.ts', METRICS),
    name: 'silent venue shown as 0',
    find: "feed === 'liquidations' && connected",
    replace: "feed === 'liquidations'",
  },
  {
    ...of('metrics/exporter-metrics.ts', METRICS),
    name: 'a reading for each family',
    find: 'current = own;',
    replace: 'current = undefined;',
  },
  {
    ...of('metrics/snapshot-metric.ts', METRICS),
    name: 'stale shown as 0',
    find: 'if (number !== undefined) text.add(labelText, number);',
    replace: 'text.add(labelText, number ?? 0);',
  },
  {
    ...of('metrics/feed-lag.ts', METRICS),
    name: 'negative lag in the sum',
    find: 'Math.max(0, receiveTime - eventTime)',
    replace: '(receiveTime - eventTime)',
  },
];
