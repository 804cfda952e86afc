import t from 'tap';
import { callsWithinBudget, planCadence } from '../../../exporter/polling/poll-cadence.ts';

t.test('is the fastest that stays below the hourly budget', async (t) => {
  const cases = [
    ['six calls a round, as on Binance', 6, 'auto', 100, 219],
    ['two calls, as on Bybit', 2, 'auto', 100, 73],
    ['one call, as on OKX', 1, 'auto', 100, 37],
    ['a large budget ends at five seconds', 1, 'auto', 100_000, 5],
    ['a slower wish is granted', 1, 120, 100, 120],
    ['a faster wish is not', 1, 10, 100, 37],
  ] as const;
  for (const [title, calls, wanted, perHour, seconds] of cases) {
    t.equal(planCadence(calls, wanted, perHour).seconds, seconds, title);
    t.ok((3_600 / seconds) * calls < perHour, `${title}: below the budget`);
  }
});

t.test('says when five minutes or the wished cadence cannot be kept', async (t) => {
  t.match(planCadence(20, 'auto', 100).complaint, /slower than 300 s: OI_REQUESTS_PER_HOUR=100 allows one round of 20/);
  t.match(planCadence(1, 10, 100).complaint, /slower than OI_POLL_SECONDS=10/);
  t.equal(planCadence(6, 'auto', 100).complaint, undefined);
  t.equal(planCadence(1, 120, 100).complaint, undefined);
  t.equal(planCadence(1, 'auto', 1).seconds, 3_600);
});

t.test('counts the calls that fit into five minutes', async (t) => {
  t.equal(callsWithinBudget(100), 8);
  t.equal(callsWithinBudget(2), 0);
});
