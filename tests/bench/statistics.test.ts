import t from 'tap';
import { medianDeviation, slopeOf, tellableSlopeOf } from '../../bench/statistics.ts';

t.test('the deviation is that of the typical value: an outlier moves it little', async (t) => {
  t.equal(medianDeviation([5, 5, 5]), 0);
  t.equal(medianDeviation([1, 2, 3, 4, 1_000]), 1);
});

t.test('a slope follows the line and not its one outlier', async (t) => {
  const line = [0, 1, 2, 3, 4, 5].map((x) => ({ x, y: 2 * x + 7 }));
  t.equal(slopeOf(line), 2);
  t.equal(slopeOf([...line, { x: 6, y: 500 }]), 2);
  t.equal(slopeOf([{ x: 1, y: 9 }]), 0, 'one point has none');
});

t.test('a slope within the scatter of its points is none', async (t) => {
  const points = (slope: number) => [0, 1, 2, 3, 4, 5, 6, 7].map((x) => ({ x, y: slope * x + (x % 2 === 0 ? 5 : -5) }));
  t.equal(tellableSlopeOf(points(0.1)), 0);
  t.equal(Math.round(tellableSlopeOf(points(10))), 10);
  t.equal(Math.round(tellableSlopeOf(points(-10))), -10);
  t.equal(tellableSlopeOf([]), 0);
});
