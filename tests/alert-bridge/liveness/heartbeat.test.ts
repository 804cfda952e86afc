import t from 'tap';
import { backNotice, silentNotice } from '../../../alert-bridge/format/notice.ts';
import { createHeartbeat } from '../../../alert-bridge/liveness/heartbeat.ts';
import { createManualClock, START_MS } from '../support/clocks.ts';

function setUp() {
  const clock = createManualClock();
  const told: string[] = [];
  const heartbeat = createHeartbeat({
    clock,
    onSilent: (since) => told.push(`silent since ${since - START_MS}`),
    onBack: (silentMs) => told.push(`back after ${silentMs}`),
  });
  const pass = (ms: number) => {
    for (let at = 0; at < ms; at += 1_000) {
      clock.advance(1_000);
      heartbeat.check();
    }
  };
  return { clock, told, heartbeat, pass };
}

t.test('ninety seconds without a heartbeat are told once, and its return too', (t) => {
  const { told, heartbeat, pass } = setUp();
  pass(10_000);
  heartbeat.beat();
  pass(89_000);
  t.same(told, []);
  pass(1_000);
  t.same(told, ['silent since 10000']);
  t.ok(heartbeat.isSilent);
  pass(300_000);
  heartbeat.beat();
  t.same(told, ['silent since 10000', 'back after 390000']);
  t.notOk(heartbeat.isSilent);
  pass(89_000);
  t.equal(told.length, 2);
  t.end();
});

t.test('a start without any heartbeat is told after the same time', (t) => {
  const { told, heartbeat, pass } = setUp();
  pass(89_000);
  t.same(told, []);
  pass(1_000);
  t.same(told, ['silent since 0']);
  t.equal(heartbeat.lastBeatAt, undefined);
  t.end();
});

t.test('a process that stood still does not blame the world', (t) => {
  const { clock, told, heartbeat, pass } = setUp();
  heartbeat.beat();
  pass(30_000);
  clock.advance(3_600_000);
  heartbeat.check();
  pass(50_000);
  t.same(told, []);
  pass(20_000);
  t.equal(told.length, 1);
  t.end();
});

t.test('the notices say since when, and for how long', (t) => {
  t.match(silentNotice(START_MS, START_MS + 90_000), /^⚠️ detection silent since 12:00 UTC\n/);
  t.equal(backNotice(100_000), '✅ detection is back\nIt was silent for 1 min 40 s.');
  t.end();
});
