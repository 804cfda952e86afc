import t from 'tap';
import { backoffDelayMs } from '../../common/backoff.ts';

const EXACT = { baseMs: 1_000, capMs: 16_000, jitterRatio: 0 };

t.test('doubles from the base and stays at the cap', async (t) => {
  t.same(
    [0, 1, 2, 3, 4, 5, 31, 5_000].map((attempt) => backoffDelayMs(attempt, EXACT)),
    [1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000, 16_000],
  );
});

t.test('jitter takes off and never adds, so that the cap is a cap', async (t) => {
  const jittered = { ...EXACT, jitterRatio: 0.2 };

  t.equal(
    backoffDelayMs(4, jittered, () => 0),
    16_000,
  );
  t.equal(
    backoffDelayMs(4, jittered, () => 0.5),
    14_400,
  );
  t.equal(
    backoffDelayMs(4, jittered, () => 1),
    12_800,
  );
  const drawn = backoffDelayMs(4, jittered);
  t.ok(drawn > 12_799 && drawn <= 16_000);
});
