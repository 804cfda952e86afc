import t from 'tap';
import { createCanary } from '../../../alert-bridge/liveness/canary.ts';
import { epochMs } from '../../../common/brands.ts';
import { cascade, stackAlert, webhookOf } from '../support/alerts.ts';
import { createManualClock, START_MS } from '../support/clocks.ts';
import { runBridge } from '../support/running-bridge.ts';

t.setTimeout(60_000);

const canaryAt = (startsAt: number) =>
  stackAlert({ labels: { alertname: 'Canary', priority: 'low', severity: 'info' }, startsAt });

function setUp() {
  const clock = createManualClock();
  const arrivals: (readonly [latencyMs: number, afterMs: number])[] = [];
  const arrive = createCanary({
    readPresent: () => ({ now: clock.now(), wallNow: clock.wallNow() }),
    onArrived: (latencyMs, at) => void arrivals.push([latencyMs, at - START_MS]),
  });
  return { clock, arrivals, arrive: (startedAfterMs: number) => arrive(epochMs(START_MS + startedAfterMs)) };
}

t.test('each canary is measured once, however many Alertmanagers bring it', (t) => {
  const { clock, arrivals, arrive } = setUp();
  clock.advance(1_200);
  arrive(1_000);
  clock.advance(300);
  arrive(1_000);
  clock.advance(299_500);
  arrive(300_000);
  t.same(arrivals, [
    [200, 1_200],
    [1_000, 301_000],
  ]);
  t.end();
});

t.test('a clock that somebody sets makes no canary slow, and none impossible', (t) => {
  const { clock, arrivals, arrive } = setUp();
  clock.advance(500);
  clock.jumpWall(3_600_000);
  arrive(3_600_100);
  clock.jumpWall(-3_600_000);
  arrive(200);
  arrive(900);
  t.same(
    arrivals.map(([latencyMs]) => latencyMs),
    [400, 300, 0],
  );
  t.end();
});

t.test('a canary is measured and told to nobody, and its end is no news', async (t) => {
  const { post, telegram, metric, clock } = await runBridge(t);
  t.equal(await metric('alertbridge_canary_timestamp_seconds'), undefined);
  t.equal(await metric('alertbridge_canary_latency_seconds_count'), 0);
  const canary = canaryAt(clock.now() - 2_000);
  t.equal((await post(webhookOf([canary]))).status, 200);
  t.equal((await post(webhookOf([{ ...canary, status: 'resolved', endsAt: clock.now() }]))).status, 200);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  t.equal(telegram.messages.length, 1);
  t.equal(await metric('alertbridge_canary_latency_seconds_count'), 1);
  t.ok(Number(await metric('alertbridge_canary_latency_seconds_sum')) >= 2);
  t.ok(Math.abs(Number(await metric('alertbridge_canary_timestamp_seconds')) - clock.now() / 1_000) < 60);
  t.equal(await metric('alertbridge_notifications_total{priority="low"}'), 0);
});

t.test('a rule of the user’s own that is called Canary is told', async (t) => {
  const { post, telegram, clock } = await runBridge(t);
  await post(webhookOf([stackAlert({ labels: { alertname: 'Canary', category: 'other' }, startsAt: clock.now() })]));
  await telegram.waitFor((message) => message.text.includes('Canary'));
});
