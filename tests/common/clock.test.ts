import t from 'tap';
import { createSystemClock } from '../../common/clock.ts';

t.test('its clocks agree with the host and do not run backwards', async (t) => {
  const clock = createSystemClock();
  const [first, second] = [clock.now(), clock.now()];
  const [earlier, later] = [clock.monotonicMs(), clock.monotonicMs()];

  t.ok(second >= first);
  t.ok(Math.abs(clock.wallNow() - Date.now()) < 5_000);
  t.ok(Math.abs(clock.now() - Date.now()) < 5_000);
  t.ok(later >= earlier);
});

t.test('now does not follow a wall clock that somebody sets', async (t) => {
  const clock = createSystemClock();
  const before = clock.now();
  const real = Date.now;
  t.teardown(() => {
    Date.now = real;
  });

  Date.now = () => real() + 3_600_000;

  t.ok(clock.now() - before < 60_000);
  t.ok(clock.wallNow() - before > 3_000_000);
});

t.test('a wait ends by itself, and at once when it is aborted', async (t) => {
  const clock = createSystemClock();
  // A wait alone keeps no process alive, so something else must while the first one lasts.
  const alive = setInterval(() => undefined, 1_000);
  t.teardown(() => clearInterval(alive));

  await clock.sleep(1);
  const controller = new AbortController();
  const waiting = clock.sleep(3_600_000, controller.signal);
  controller.abort(new Error('enough'));

  await t.rejects(waiting, { name: 'AbortError', cause: { message: 'enough' } });
});
