// The life of messages through a whole bridge, as its chats see it.
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { answers } from '../../simulators/telegram/answers.ts';
import { cascade, explosion, largeLiquidation, resolved, stackAlert, webhookOf } from './support/alerts.ts';
import { createFastClock } from './support/clocks.ts';
import { runBridge } from './support/running-bridge.ts';

t.setTimeout(120_000);

interface FakePrometheus {
  readonly url: string;
  alerts: readonly { readonly labels: object; readonly annotations: object; readonly state: string }[];
  counters: (query: string, time: number) => readonly { readonly side: string; readonly value: number }[];
  status: number;
}

/** Answers `/api/v1/alerts` and `/api/v1/query` as Prometheus words them. */
async function startPrometheus(t: Test): Promise<FakePrometheus> {
  const state: { -readonly [Key in keyof FakePrometheus]: FakePrometheus[Key] } = {
    url: '',
    alerts: [],
    counters: () => [],
    status: 200,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const samples = state.counters(url.searchParams.get('query') ?? '', Number(url.searchParams.get('time')));
    const data =
      url.pathname === '/api/v1/alerts'
        ? { alerts: state.alerts }
        : {
            resultType: 'vector',
            result: samples.map(({ side, value }) => ({ metric: { side }, value: [0, String(value)] })),
          };
    response
      .writeHead(state.status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status: 'success', data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const address = server.address();
  state.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return state;
}

t.test('a growing cascade is one message, edited, and ends with its totals', async (t) => {
  const prometheus = await startPrometheus(t);
  const { post, telegram, clock } = await runBridge(t, { environment: { PROMETHEUS_URL: prometheus.url } });
  const alert = cascade({ startsAt: clock.now(), labels: { environment: 'production' } });
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.texts.length === 1);
  const { environment: _external, ...labels } = alert.labels;
  prometheus.alerts = [
    { state: 'firing', labels: { alertname: 'Other' }, annotations: {} },
    { state: 'firing', labels, annotations: { ...alert.annotations, events: '12', notional_usd: '2400000' } },
  ];
  const grown = await telegram.waitFor((message) => message.texts.length === 2, 10_000);
  t.match(grown.text, /⚡ 12 liquidations in 30 seconds\n💰 Total: \$2\.4M liquidated/);
  prometheus.alerts = [];
  prometheus.counters = (query, time) => {
    const [before, after] = query.includes('notional') ? [1_000_000, 4_000_000] : [10, 31];
    return ['long', 'short'].map((side) => ({ side, value: time * 1_000 < alert.startsAt ? before : after }));
  };
  await post(webhookOf([resolved(alert, clock.now() + 1_000)]));
  const ended = await telegram.waitFor((message) => message.texts.length === 3, 10_000);
  t.match(
    ended.text,
    /^✅ BTC LIQUIDATION CASCADE ended\n💰 In all: \$6M\n📉 21 longs, 21 shorts\n⚡ Peak: 12 in 30 s, \$2\.4M\n/,
  );
  t.equal(telegram.messages.length, 1);
});

t.test('a message whose end Alertmanager never tells ends when Prometheus has long lost the alert', async (t) => {
  const prometheus = await startPrometheus(t);
  const { post, telegram, clock } = await runBridge(t, { environment: { PROMETHEUS_URL: prometheus.url } });
  const alert = cascade({ startsAt: clock.now() });
  prometheus.alerts = [
    { state: 'firing', labels: alert.labels, annotations: { ...alert.annotations, notional_usd: '9000000' } },
  ];
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.text.includes('$9M'), 10_000);
  prometheus.alerts = [];
  await telegram.waitFor((message) => message.text.startsWith('✅ BTC LIQUIDATION CASCADE ended'), 20_000);
});

t.test('a Prometheus that fails costs figures, not messages', async (t) => {
  const prometheus = await startPrometheus(t);
  prometheus.status = 503;
  const { post, telegram, clock, log } = await runBridge(t, { environment: { PROMETHEUS_URL: prometheus.url } });
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  while (!log().includes('living alerts cannot be refreshed')) await new Promise((resolve) => setTimeout(resolve, 50));
  await post(webhookOf([resolved(alert, clock.now())]));
  t.match((await telegram.waitFor((message) => message.texts.length === 2)).text, /ended\n⚡ 7 liquidations/);
});

t.test('each stage of the way is measured once, at the first telling', async (t) => {
  const { post, telegram, metric, clock, waitForMetric } = await runBridge(t);
  const startsAt = Math.floor(clock.now()) - 1_000;
  const eventSeconds = String((startsAt - 2_000) / 1_000);
  await post(webhookOf([cascade({ startsAt, annotations: { event_timestamp: eventSeconds } })]));
  await post(webhookOf([explosion({ startsAt: clock.now() })]));
  await telegram.waitUntil(({ messages }) => messages.length === 2);
  await waitForMetric('alertbridge_delivery_latency_seconds_count', (value) => value === 2);
  const count = (stage: string) => metric(`alertbridge_stage_latency_seconds_count{stage="${stage}"}`);
  const sum = (stage: string) => metric(`alertbridge_stage_latency_seconds_sum{stage="${stage}"}`);
  t.equal(await count('event_to_rule'), 1, 'open interest has no event of its own');
  t.equal(await sum('event_to_rule'), 2);
  t.equal(await count('rule_to_webhook'), 2);
  t.ok(Number(await sum('rule_to_webhook')) >= 1);
  t.equal(await count('webhook_to_telegram'), 2);
  t.equal(await count('event_to_telegram'), 1);
  t.ok(Number(await sum('event_to_telegram')) >= 3);
});

t.test('what is held back on purpose, and what is told once more, is no latency', async (t) => {
  const { post, metric, clock, waitForMetric } = await runBridge(t, { clock: createFastClock(500) });
  const startsAt = clock.now();
  const own = stackAlert({ labels: { alertname: 'Own', category: 'other' }, startsAt });
  const surge = explosion({ labels: { alertname: 'OpenInterestSurge', priority: 'low' }, startsAt });
  await post(webhookOf([own, surge, stackAlert({ startsAt })]));
  await waitForMetric('alertbridge_notifications_total{priority="low"}', (value) => value === 1);
  await waitForMetric('alertbridge_notifications_total{priority="medium"}', (value) => value === 2);
  t.equal(await metric('alertbridge_delivery_latency_seconds_count'), 1, 'of the own alert');
  await clock.sleep(310_000);
  await post(webhookOf([own], { notification_reason: 'repeat interval elapsed' }));
  await waitForMetric('alertbridge_notifications_total{priority="medium"}', (value) => value === 3);
  t.equal(await metric('alertbridge_delivery_latency_seconds_count'), 1, 'its repeat is none');
});

t.test('where editing is off, an end is a silent reply', async (t) => {
  const { post, telegram, clock } = await runBridge(t, { environment: { TELEGRAM_EDIT: 'off' } });
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  const twin = cascade({ startsAt: clock.now() });
  await post(webhookOf([twin]));
  await post(webhookOf([resolved(alert, clock.now()), resolved(twin, clock.now())]));
  const end = await telegram.waitFor((message) => message.text.includes('ended'));
  t.match(end, { replyTo: 1, isSilent: true });
  t.same(telegram.messages[0]?.texts.length, 1);
});

t.test('a deleted message is not missed: its end is sent anew', async (t) => {
  const { post, telegram, clock } = await runBridge(t);
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  const first = await telegram.waitFor((message) => message.text.includes('CASCADE'));
  telegram.deleteMessage(first.messageId);
  await post(webhookOf([resolved(alert, clock.now())]));
  const end = await telegram.waitFor((message) => message.text.includes('ended'));
  t.not(end.messageId, first.messageId);
});

t.test('an edit that Telegram refuses becomes a reply', async (t) => {
  const { post, telegram, clock } = await runBridge(t);
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  telegram.answerNext(answers.cannotEdit);
  await post(webhookOf([resolved(alert, clock.now())]));
  t.match(await telegram.waitFor((message) => message.text.includes('ended')), { replyTo: 1 });
});

t.test('a chat that blocked the bot is paused and shown; the others go on', async (t) => {
  const { post, telegram, clock, read, waitForMetric } = await runBridge(t, {
    environment: { TELEGRAM_CHAT_ID: '100,200' },
  });
  telegram.answerNext(answers.blocked);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await waitForMetric('alertbridge_notifications_failed_total{reason="forbidden"}', (value) => value === 1);
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  await post(webhookOf([explosion({ startsAt: clock.now() })]));
  await telegram.waitFor((message) => message.text.includes('EXPLOSION'));
  t.equal(telegram.messages.length, 2);
  t.match(await read('/'), /takes no messages \(forbidden\)/);
  t.match(JSON.parse(await read('/health')), { chats: { total: 2, paused: 1 } });
});

t.test('a group that became a supergroup gets its message, and all later ones, there', async (t) => {
  const { post, telegram, clock } = await runBridge(t, { environment: { TELEGRAM_CHAT_ID: '-5' } });
  telegram.answerNext(answers.migrated(-1005));
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  t.equal((await telegram.waitFor((message) => message.text.includes('CASCADE'))).chatId, '-1005');
  await post(webhookOf([explosion({ startsAt: clock.now() })]));
  t.equal((await telegram.waitFor((message) => message.text.includes('EXPLOSION'))).chatId, '-1005');
});

t.test('a single liquidation during a cascade of its symbol is not told', async (t) => {
  const { post, telegram, clock, metric } = await runBridge(t);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await post(webhookOf([largeLiquidation({ startsAt: clock.now() })]));
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="muted"}'), 1);
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
});

t.test('a single liquidation that belonged to a cascade is not told after its end, a later one is', async (t) => {
  const { post, telegram, clock, metric } = await runBridge(t);
  const startsAt = clock.now();
  const at = (ms: number) => ({ notional_usd: '150000', side: 'long', event_timestamp: String(ms / 1_000) });
  await post(webhookOf([cascade({ startsAt })]));
  await post(webhookOf([cascade({ startsAt, status: 'resolved', endsAt: startsAt + 5_000 })]));

  await post(webhookOf([largeLiquidation({ startsAt: startsAt + 1_000, annotations: at(startsAt - 1_000) })]));
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="muted"}'), 1);

  await post(webhookOf([largeLiquidation({ startsAt: startsAt + 6_000, annotations: at(startsAt + 6_000) })]));
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="muted"}'), 1);
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
});

t.test('stack alerts go to the chat that is named for them', async (t) => {
  const { post, telegram, clock } = await runBridge(t, {
    environment: { TELEGRAM_STACK_CHAT_ID: '-300/9', ENVIRONMENT: 'staging' },
  });
  await post(webhookOf([stackAlert({ startsAt: clock.now() })]));
  const message = await telegram.waitFor((item) => item.text.includes('FeedDown'));
  t.match(message, { chatId: '-300', threadId: 9, text: /^🧪 staging\n🟠 FeedDown\n/ });
});

t.test('what Alertmanager holds back on purpose, alerts about the stack, is no latency', async (t) => {
  const { post, metric, waitForMetric, clock } = await runBridge(t);

  await post(webhookOf([stackAlert({ startsAt: clock.now() - 12_000 }), cascade({ startsAt: clock.now() - 1_000 })]));
  await waitForMetric('alertbridge_notifications_total{priority="high"}', (value) => value === 1);
  await waitForMetric('alertbridge_notifications_total{priority="medium"}', (value) => value === 1);

  t.equal(await metric('alertbridge_delivery_latency_seconds_count'), 1);
});

t.test('silence of the heartbeat is told, and its return', async (t) => {
  const { post, telegram } = await runBridge(t, { clock: createFastClock(40) });
  const beat = webhookOf([stackAlert({ labels: { alertname: 'Watchdog' } })]);
  t.equal((await post(beat)).status, 200);
  await telegram.waitFor((message) => message.text.startsWith('⚠️ detection silent since '), 20_000);
  await post(beat);
  await telegram.waitFor((message) => message.text.startsWith('✅ detection is back'), 10_000);
  t.notOk(
    telegram.messages.some((message) => message.text.includes('Watchdog')),
    'the heartbeat itself is no message',
  );
});

t.test('without a token messages appear in the terminal and on the page', async (t) => {
  const { post, terminal, read, clock, waitForMetric } = await runBridge(t, {
    environment: { TELEGRAM_BOT_TOKEN: '', TELEGRAM_CHAT_ID: '' },
  });
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await waitForMetric('alertbridge_outbox_messages{state="delivered"}', (value) => value === 1);
  t.match(terminal(), /│ 🚨 BTC LIQUIDATION CASCADE\n/);
  await post(webhookOf([resolved(alert, clock.now())]));
  await waitForMetric('alertbridge_outbox_messages{state="delivered"}', (value) => value === 2);
  t.match(terminal(), /edited\n {2}│ ✅ BTC/);
  t.match(await read('/'), /🚨 BTC LIQUIDATION CASCADE/);
});

t.test('the page escapes what an alert says, and lets nothing run', async (t) => {
  const { bridge, post, clock, telegram } = await runBridge(t);
  await post(
    webhookOf([
      stackAlert({
        startsAt: clock.now(),
        annotations: { summary: '<script>alert(1)</script>' },
        labels: { alertname: '<img>' },
      }),
    ]),
  );
  await telegram.waitFor((message) => message.text.includes('<script>'));
  const response = await fetch(bridge.url);
  const html = await response.text();
  t.notMatch(html, /<script|<img/);
  t.match(html, /&lt;script&gt;/);
  t.match(response.headers.get('content-security-policy'), /^default-src 'none'; style-src 'sha256-/);
  t.match(response.headers.get('x-content-type-options'), 'nosniff');
  const dashboard: unknown = await (await fetch(`${bridge.url}/dashboard.json`)).json();
  t.match(dashboard, {
    destination: 'telegram',
    outbox: { delivered: Number },
    deliveries: [{ alertname: '<img>', state: String }],
  });
});

t.test('beyond loopback the page asks for the credential; health and metrics do not', async (t) => {
  const { bridge, read } = await runBridge(t, { environment: { BRIDGE_HOST: '0.0.0.0' } });
  const url = bridge.url.replace('0.0.0.0', '127.0.0.1');
  const status = async (path: string, authorization = '') =>
    (await fetch(`${url}${path}`, { headers: { authorization } })).status;
  t.equal(await status('/'), 401);
  t.equal(await status('/dashboard.json'), 401);
  t.equal(await status('/', `Basic ${Buffer.from('me:test-webhook-token').toString('base64')}`), 200);
  t.equal(await status('/dashboard.json', 'Bearer test-webhook-token'), 200);
  t.equal(await status('/health'), 200);
  t.equal(await status('/metrics'), 200);
  for (let guess = 0; guess < 25; guess += 1) await status('/');
  t.equal(await status('/'), 429);
  t.equal(await status('/', 'Bearer test-webhook-token'), 200);
  t.match(await read('/metrics'), /alertbridge_authentication_failures_total 2\d/);
});

t.test('no secret stands in any log line, metric, page or answer', async (t) => {
  const { post, read, log, telegram, clock, waitForMetric } = await runBridge(t);
  telegram.answerNext(answers.unauthorized, { type: 'reset' });
  await post(webhookOf([cascade({ startsAt: clock.now() }), explosion({ startsAt: clock.now() })]));
  await post({}, { authorization: 'Bearer test-guess-of-somebody' });
  await waitForMetric('alertbridge_outbox_messages{state="pending"}', (value) => value === 0);
  const everything = [
    log(),
    await read('/'),
    await read('/dashboard.json'),
    await read('/metrics'),
    await read('/health'),
  ].join('\n');
  for (const secret of ['1:test-token', 'test-webhook-token', 'test-guess-of-somebody'])
    t.notOk(everything.includes(secret), secret);
});

t.test('a bridge that stops lets the send in flight finish and keeps the rest', async (t) => {
  const { bridge, post, telegram, clock } = await runBridge(t);
  telegram.answerNext({ type: 'slow', delayMs: 200 });
  await post(webhookOf([cascade({ startsAt: clock.now() }), explosion({ startsAt: clock.now() })]));
  await telegram.waitUntil(({ requests }) => requests.length === 1);
  await bridge.stop();
  t.equal(telegram.messages.length, 1);
  t.equal(telegram.requests.length, 1);
});

t.test('health and readiness say when the outbox cannot be read', async (t) => {
  let isBroken = false;
  const { bridge } = await runBridge(t, {
    wrapStore: (store) => ({
      ...store,
      counts: async () => {
        if (isBroken) throw new Error('disk I/O error');
        return store.counts();
      },
    }),
  });
  t.match(await (await fetch(`${bridge.url}/ready`)).json(), { status: 'ready' });
  isBroken = true;
  t.equal((await fetch(`${bridge.url}/ready`)).status, 503);
  t.equal((await fetch(`${bridge.url}/health`)).status, 503);
});

t.test('a mark that the disk refuses is waited out: no second message', async (t) => {
  let refusals = 3;
  const { post, telegram, clock, waitForMetric } = await runBridge(t, {
    wrapStore: (store) => ({
      ...store,
      settle: async (id, settlement, now) => {
        refusals -= 1;
        if (refusals >= 0) throw new Error('database or disk is full');
        return store.settle(id, settlement, now);
      },
    }),
  });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await waitForMetric('alertbridge_outbox_messages{state="delivered"}', (value) => value === 1);
  t.equal(telegram.messages.length, 1);
});

t.test('a storm to twenty chats keeps the limits that Telegram enforces', async (t) => {
  const chats = Array.from({ length: 20 }, (_, index) => String(index + 1)).join(',');
  const { createSystemClock } = await import('../../common/clock.ts');
  const { post, telegram, metric, waitForMetric } = await runBridge(t, {
    clock: createSystemClock(),
    telegram: { isLimited: true },
    environment: { TELEGRAM_CHAT_ID: chats },
  });
  const startsAt = Date.now();
  const symbols = Array.from({ length: 1_000 }, (_, index) => `S${index}`);
  t.equal(
    (await post(webhookOf(symbols.map((symbol) => largeLiquidation({ labels: { symbol }, startsAt }))))).status,
    200,
  );
  await waitForMetric('alertbridge_outbox_messages{state="pending"}', (value) => value === 0);
  t.equal(await metric('alertbridge_telegram_requests_failed_total{reason="rate_limited"}'), 0);
  t.equal(telegram.messages.filter((message) => message.text.includes('LARGE')).length, 60);
  t.equal(telegram.messages.filter((message) => message.text.includes('997 alerts held back')).length, 20);
});
