import t from 'tap';
import { planSessions } from '../../backtest/timeline.ts';

const T = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

t.test('looks every second from an arrival until its windows are empty, and every minute around', async (t) => {
  const [session, ...others] = planSessions([T + 500], [], HOUR);

  t.strictSame(others, []);
  t.strictSame(session, {
    start: T - 5 * MINUTE,
    end: T + 11 * MINUTE,
    hasLiquidations: true,
    segments: [
      { start: T - 5 * MINUTE, end: T - MINUTE, stepMs: MINUTE },
      { start: T, end: T + 121 * SECOND, stepMs: SECOND },
      { start: T + 3 * MINUTE, end: T + 11 * MINUTE, stepMs: MINUTE },
    ],
  });
});

t.test('joins busy stretches that are near each other and parts those that are not', async (t) => {
  const [session] = planSessions([T, T + 4 * MINUTE, T + 20 * MINUTE], [], HOUR);

  const busy = session?.segments.filter(({ stepMs }) => stepMs === SECOND);
  t.strictSame(
    busy?.map(({ start, end }) => [(start - T) / SECOND, (end - T) / SECOND]),
    [
      [0, 360],
      [1_200, 1_320],
    ],
  );
});

t.test('takes a longer silence for a recorder that was off', async (t) => {
  const sessions = planSessions([T, T + 3 * HOUR], [T + 3 * HOUR + MINUTE], HOUR);

  t.equal(sessions.length, 2);
  t.equal(planSessions([T, T + 3 * HOUR], [], 4 * HOUR).length, 1);
});

t.test('never looks twice at one moment', async (t) => {
  const arrivals = Array.from({ length: 200 }, (_, index) => T + Math.round(((index * 7919) % 10_000) * 1.7) * SECOND);
  const moments = planSessions(
    arrivals.sort((one, other) => one - other),
    [T + 8 * HOUR],
    5 * MINUTE,
  )
    .flatMap(({ segments }) => segments)
    .flatMap(({ start, end, stepMs }) =>
      Array.from({ length: (end - start) / stepMs + 1 }, (_, index) => start + index * stepMs),
    );

  t.ok(moments.every((moment, index) => index === 0 || moment > Number(moments[index - 1])));
});

t.test('looks once a minute where there is only open interest', async (t) => {
  const [session] = planSessions([], [T, T + 5 * MINUTE], HOUR);

  t.strictSame(session, {
    start: T - 5 * MINUTE,
    end: T + 15 * MINUTE,
    hasLiquidations: false,
    segments: [{ start: T - 5 * MINUTE, end: T + 15 * MINUTE, stepMs: MINUTE }],
  });
});

t.test('looks at nothing where nothing was recorded', async (t) => {
  t.strictSame(planSessions([], [], HOUR), []);
});
