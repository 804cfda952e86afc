// The verdict on latency: against made-up latencies of known ratio, and against a real service of 50 ms.
import t from 'tap';
import { quantileOf } from '../../../common/median.ts';
import { ENDPOINTS } from '../../../operations/validation/endpoints.ts';
import { measureInterleaved, measureUntilClear } from '../../../operations/validation/interleaved.ts';
import { type Batch, estimateRatio } from '../../../operations/validation/latency-ratio.ts';
import { describeLatency, LATENCY_LIMIT } from '../../../operations/validation/regression.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';

t.setTimeout(300_000);

/** A small generator with a seed, so that a verdict does not depend on the day. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Latencies around 50 ms with a long tail, those "with us" longer by the factor; a drift over time meets both. */
function batchesOf(factor: number, spread: number, random: () => number, count = 25): readonly Batch[] {
  const sample = (scale: number, index: number) => scale * (50 + index * 0.4 - spread * Math.log(1 - random()));
  return Array.from({ length: count }, (_, index) => ({
    without: Array.from({ length: 20 }, () => sample(1, index)),
    with: Array.from({ length: 20 }, () => sample(factor, index)),
  }));
}

for (const [factor, spread, verdict] of [
  [1, 5, 'no change'],
  [1.02, 5, 'no change'],
  [1.1, 5, 'slower'],
  [0.85, 5, 'faster'],
  [1.05, 60, 'uncertain'],
] as const) {
  t.test(`a ratio of ${factor} with a spread of ${spread} ms is told as "${verdict}"`, async (t) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = randomOf(seed);
      t.equal(estimateRatio(batchesOf(factor, spread, random), LATENCY_LIMIT, random).verdict, verdict, `seed ${seed}`);
    }
  });
}

t.test('the interval holds the true ratio in about 95 of 100 runs', async (t) => {
  let held = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = randomOf(seed * 7_919);
    const { low, high } = estimateRatio(batchesOf(1.03, 5, random, 12), LATENCY_LIMIT, random);
    if (low <= 1.03 && high >= 1.03) held += 1;
  }
  t.ok(held >= 34, `${held} of 40`);
});

t.test('the smallest detectable change shrinks with samples', async (t) => {
  const random = randomOf(11);
  const few = estimateRatio(batchesOf(1, 5, random, 6), LATENCY_LIMIT, random);
  const many = estimateRatio(batchesOf(1, 5, random, 60), LATENCY_LIMIT, random);
  t.ok(many.smallestDetectable < few.smallestDetectable);
  t.match(describeLatency('health', many, 'interleaved'), {
    level: 'ok',
    detail: /smallest change this run can see \+\d/,
  });
});

t.test('each verdict is a finding of its weight', async (t) => {
  const estimate = { ratio: 1, low: 1, high: 1, smallestDetectable: 0.01, samples: 1 };
  t.equal(describeLatency('x', { ...estimate, verdict: 'slower' }, '').level, 'critical');
  t.equal(describeLatency('x', { ...estimate, verdict: 'uncertain' }, '').level, 'warning');
  t.equal(describeLatency('x', { ...estimate, verdict: 'faster' }, '').level, 'ok');
});

t.test('a ratio of nothing is a fault, not a number', async (t) => {
  t.throws(() => estimateRatio([], 1.05), RangeError);
});

// What a busy machine adds to every answer would make 5 ms of 55 less than 10 %: the share is of what is really measured here.
for (const [words, share, expected] of [
  ['no change is accepted', 0, 'no change'],
  ['an injected +10 % is caught', 0.1, 'slower'],
] as const) {
  t.test(`500 samples a side of a service of 50 ms: ${words}`, async (t) => {
    const existing = await startExistingSystem({ serviceMs: 50 });
    t.teardown(() => existing.close());
    const [endpoint] = ENDPOINTS;
    if (endpoint === undefined) throw new Error('there are no endpoints');
    const signal = new AbortController().signal;
    let addedMs = 0;
    const sides = {
      without: async () => existing.setServiceMs(50),
      with: async () => existing.setServiceMs(50 + addedMs),
    };
    const wishes = { url: existing.url, endpoint, samples: 500, concurrency: 10, signal, sides, mostRounds: 12 };
    const asItIs = await measureInterleaved({ ...wishes, samples: 60 });
    addedMs = Math.round(
      share *
        quantileOf(
          asItIs.flatMap((batch) => [...batch.without, ...batch.with]),
          0.5,
        ),
    );
    const estimate = await measureUntilClear(wishes, LATENCY_LIMIT, randomOf(5));
    t.comment(describeLatency('health', estimate, 'interleaved').detail);
    t.ok(estimate.samples >= 500);
    t.equal(estimate.verdict, expected);
  });
}
