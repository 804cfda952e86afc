import t from 'tap';
import { type FrontPoint, ParetoFront, thin } from '../../../exporter/windows/pareto-front.ts';
import { seededRandom } from './liquidations.ts';

const pairs = (points: readonly FrontPoint[]) => points.map(({ count, amount }) => [count, amount]);

t.test('holds exactly the points that no other beats in both', (t) => {
  const random = seededRandom(3);
  for (let round = 0; round < 300; round++) {
    const offered = Array.from({ length: 30 }, () => [Math.floor(random() * 20), Math.floor(random() * 20)] as const);
    const front = new ParetoFront();
    for (const [count, amount] of offered) front.offer(count, amount, 0, 0);
    const unbeaten = offered.filter(
      ([count, amount]) => !offered.some(([c, a]) => c >= count && a >= amount && (c > count || a > amount)),
    );
    const expected = [...new Map(unbeaten.map((pair) => [pair.join(), [...pair]])).values()].sort(
      (one, other) => Number(one[0]) - Number(other[0]),
    );
    t.same(pairs(front.points), expected);
  }
  t.end();
});

t.test('of two equal windows the first stays', (t) => {
  const front = new ParetoFront();
  front.offer(5, 10, 0, 4);
  t.equal(front.offer(5, 10, 1, 5).last, 4);
  t.equal(front.points.length, 1);
  t.end();
});

function descendingFront(length: number, firstCount: number): readonly FrontPoint[] {
  return Array.from({ length }, (_, index) => ({
    count: firstCount + index,
    amount: 1_000 - index,
    first: 0,
    last: 0,
  }));
}

t.test('a front that fits is left as it is', (t) => {
  const points = descendingFront(16, 1);
  t.equal(thin(points, 16), points);
  t.end();
});

t.test('thinning keeps both ends and the smallest counts, and the rest at even steps', (t) => {
  const counts = thin(descendingFront(100, 60), 16).map(({ count }) => count);
  t.equal(counts.length, 16);
  t.same(counts.slice(0, 5), [60, 61, 62, 63, 64]);
  t.equal(counts.at(-1), 159);
  t.end();
});

t.test('with more small counts than room the smallest stay, and the far end', (t) => {
  const counts = thin(descendingFront(60, 1), 16).map(({ count }) => count);
  t.same(counts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 60]);
  t.end();
});

t.test('with no small count both ends still stay', (t) => {
  const counts = thin(descendingFront(200, 1_000), 16).map(({ count }) => count);
  t.equal(counts.length, 16);
  t.equal(counts[0], 1_000);
  t.equal(counts.at(-1), 1_199);
  t.end();
});
