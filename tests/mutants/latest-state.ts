// Mutants of state, the ring and their metrics: the ways in which something old or partial is shown as the present.
import type { Mutant } from './mutant.ts';

const of = (...tests: readonly string[]) => ({ tests: tests.map((test) => `tests/exporter/${test}`) });

const METRICS = of('metrics/exporter-metrics.test.ts');
const STATE = of('windows/latest-state.test.ts');
const RING = of('windows/liquidation-ring.test.ts');

export const mutants: readonly Mutant[] = [
  {
    ...STATE,
    in: 'sumOpenInterest',
    name: 'partial sum',
    find: 'if (!openInterest || openInterest.receiveTime < oldest) return undefined;',
    replace: 'if (!openInterest || openInterest.receiveTime < oldest) continue;',
  },
  {
    ...STATE,
    in: 'sumOpenInterest',
    name: 'stale open interest shown',
    find: '!openInterest || openInterest.receiveTime < oldest',
    replace: '!openInterest',
  },
  {
    ...STATE,
    in: 'mainMarkPrice',
    name: 'stale price shown',
    find: 'main && main.receiveTime >= oldest && main.priceUsd > 0',
    replace: 'main && main.priceUsd > 0',
  },
  {
    ...STATE,
    in: 'sumOpenInterest',
    name: 'inverse dollars taken for coins',
    find: 'base += openInterest.notionalUsd / markPriceUsd',
    replace: 'base += openInterest.notionalUsd',
  },
  {
    ...STATE,
    in: 'mainMarkPrice',
    name: 'price of any contract',
    find: 'const bestRank = Math.min(',
    replace: 'const bestRank = Math.max(',
  },
  {
    ...RING,
    in: 'LiquidationRing',
    name: 'ring one record short',
    find: 'Math.min(this.#size + 1, this.capacity)',
    replace: 'Math.min(this.#size + 1, this.capacity - 1)',
  },
  {
    ...RING,
    in: 'LiquidationRing',
    name: 'oldest first',
    find: 'this.#next - age + this.capacity',
    replace: 'this.#next + age - 1',
  },
  {
    ...METRICS,
    in: 'takeReading',
    name: 'silent venue shown as 0',
    find: "feed === 'liquidations' && connected",
    replace: "feed === 'liquidations'",
  },
  {
    ...METRICS,
    in: 'createExporterMetrics',
    name: 'a reading for each family',
    find: 'current = own;',
    replace: 'current = undefined;',
  },
  {
    ...METRICS,
    in: 'writeGroup',
    name: 'stale shown as 0',
    find: 'if (number !== undefined) text.add(labelText, number);',
    replace: 'text.add(labelText, number ?? 0);',
  },
  {
    ...METRICS,
    in: 'registerFeedLag',
    name: 'negative lag in the sum',
    find: 'Math.max(0, receiveTime - eventTime)',
    replace: '(receiveTime - eventTime)',
  },
];
