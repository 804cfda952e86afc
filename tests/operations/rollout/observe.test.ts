// What the observing stage asks of a running stack.
import t, { type Test } from 'tap';
import { observe } from '../../../operations/rollout/observe.ts';
import { type Answers, answering } from '../answering.ts';
import { idleStack } from '../watch/idle-stack.ts';

const HOUR_MS = 3_600_000;
const SINCE = Date.UTC(2026, 10, 20);
const at = (hours: number) => new Date(SINCE + hours * HOUR_MS).toISOString();
const MEMORY: Answers = {
  '/api/v1/query': [200, { status: 'success', data: { result: [{ value: [0, '0.0125'] }] } }],
};

async function look(t: Test, answers: Answers, hours = 6) {
  const url = await answering(t, answers);
  const stack = idleStack({ urls: { prometheus: url, 'alert-bridge': url }, webhookToken: async () => 'token' });
  return observe(stack, { since: SINCE, now: SINCE + hours * HOUR_MS, wantedHours: 24 });
}

t.test('counts the votes on market alerts that somebody was told of since the deployment', async (t) => {
  const told = { symbol: 'BTC', name: 'LiquidationCascade', deliveries: [{}], useful: 2, useless: 1 };
  const alerts = [
    { ...told, startsAt: at(2) },
    { ...told, startsAt: at(1), symbol: 'ETH', useful: undefined, useless: undefined },
    { ...told, startsAt: at(1), deliveries: [] },
    { ...told, startsAt: at(1), symbol: undefined },
    { ...told, startsAt: at(-1) },
  ];

  t.same(await look(t, { ...MEMORY, '/history.json': [200, { alerts }] }), {
    hours: 6,
    wantedHours: 24,
    memoryVariation: 0.0125,
    alerts: [
      { name: 'BTC LiquidationCascade', afterHours: 2, useful: 2, useless: 1 },
      { name: 'ETH LiquidationCascade', afterHours: 1, useful: 0, useless: 0 },
    ],
  });
});

t.test('stops at the page on which nothing is of this deployment', async (t) => {
  const alerts = [{ symbol: 'BTC', deliveries: [{}], startsAt: at(-1) }];

  t.match(await look(t, { ...MEMORY, '/history.json': [200, { alerts, next: 7 }] }), { alerts: [] });
});

t.test('memory that Prometheus does not know is not known', async (t) => {
  const history: Answers = { '/history.json': [200, { alerts: [] }] };

  t.match(await look(t, { ...history, '/api/v1/query': [200, { data: { result: [] } }] }), {
    memoryVariation: undefined,
  });
  t.match(await look(t, { ...history, ...MEMORY }, 0), { memoryVariation: undefined }, 'nor is that of no time');
});

t.test('no answer of the bridge is not "no alert"', async (t) => {
  await t.rejects(look(t, { ...MEMORY, '/history.json': [503, {}] }), {
    code: 'HISTORY_UNREADABLE',
    message: /status 503/,
  });
});
