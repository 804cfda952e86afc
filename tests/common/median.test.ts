import t from 'tap';
import { medianOf, quantileOf } from '../../common/median.ts';

t.test('the median is the middle, or halfway between the two in the middle', async (t) => {
  t.equal(medianOf([5]), 5);
  t.equal(medianOf([3, 1, 2]), 2);
  t.equal(medianOf([10, 9, 1, 2]), 5.5, 'by size, not by spelling');
  t.equal(medianOf([]), undefined);
});

t.test('a quantile lies between its neighbours, whatever the order of the values', async (t) => {
  const cases: readonly (readonly [values: readonly number[], quantile: number, expected: number])[] = [
    [[3], 0.99, 3],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 20, 30], 0.75, 25],
    [[10, 0], 0.99, 9.9],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
  ];
  for (const [values, quantile, expected] of cases) {
    t.equal(quantileOf(values, quantile), expected, `${quantile} of ${values}`);
  }
});

t.test('the values that come in keep their order', async (t) => {
  const values = [3, 1, 2];
  medianOf(values);
  t.same(values, [3, 1, 2]);
});

t.test('a quantile of nothing is a fault, not a number', async (t) => {
  t.throws(() => quantileOf([], 0.5), RangeError);
});
