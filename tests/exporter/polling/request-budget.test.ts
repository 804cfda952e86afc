import t from 'tap';
import { RequestBudget } from '../../../exporter/polling/request-budget.ts';

t.test('refuses the request that would be one too many in any hour', async (t) => {
  const budget = new RequestBudget(3);
  t.same(
    [0, 1_000, 2_000, 3_000].map((now) => budget.take(now)),
    [true, true, true, false],
  );
  t.equal(budget.used(3_000), 3);
  t.equal(budget.waitMs(3_000), 3_597_000);
  t.notOk(budget.take(3_599_999));
  t.equal(budget.waitMs(3_600_000), 0);
  t.ok(budget.take(3_600_000));
  t.notOk(budget.take(3_600_500));
  t.equal(budget.used(10_000_000), 0);
});
