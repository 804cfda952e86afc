import t from 'tap';
import { createCredentialCheck } from '../../../alert-bridge/webhook/credential.ts';
import { createFailureLimit } from '../../../alert-bridge/webhook/failure-limit.ts';
import { readWebhook } from '../../../alert-bridge/webhook/schema.ts';
import { epochMs } from '../../../common/brands.ts';
import { cascade, stackAlert, webhookOf } from '../support/alerts.ts';
import { createManualClock, START_MS } from '../support/clocks.ts';
import { runBridge } from '../support/running-bridge.ts';
import { isDataMissing, readFolder } from '../support/shared-data.ts';

const NOW = epochMs(START_MS);

t.test('every recorded payload is accepted and readable', { skip: isDataMissing, timeout: 60_000 }, async (t) => {
  const { post, telegram, waitForMetric } = await runBridge(t);
  let alerts = 0;
  for (const [name, text] of readFolder('alertmanager')) {
    const response = await post(text);
    t.equal(response.status, 200, name);
    const answer: unknown = await response.json();
    alerts += Number(typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'accepted') : 0);
  }
  await waitForMetric('alertbridge_outbox_messages{state="pending"}', (value) => value === 0);
  await waitForMetric('alertbridge_outbox_messages{state="claimed"}', (value) => value === 0);
  // One alert stands in two of the payloads, word for word.
  t.equal(telegram.messages.length, alerts - 1);
  for (const name of [
    'failedConnect',
    'thing_dead',
    'HighMemoryUsage',
    'Fire resolved',
    'InstanceDown',
    'TestAlert',
    'Test percentage',
  ]) {
    t.ok(
      telegram.messages.some((message) => message.text.includes(name)),
      name,
    );
  }
});

t.test('what an old sender leaves out is filled in', (t) => {
  const [alert, twin] = readWebhook(
    {
      alerts: [
        { labels: { alertname: 'A', b: '1' } },
        { labels: { b: '1', alertname: 'A' }, startsAt: '', endsAt: '0001-01-01T00:00:00Z' },
      ],
    },
    NOW,
  );
  t.match(alert, { status: 'firing', receiver: '', startsAt: NOW, endsAt: undefined, annotations: {} });
  t.equal(alert?.fingerprint, twin?.fingerprint, 'the same labels have the same fingerprint, in any order');
  const [end] = readWebhook({ status: 'resolved', alerts: [{ labels: {} }] }, NOW);
  t.match(end, { status: 'resolved', endsAt: NOW });
  t.end();
});

t.test('what cannot be read is refused with its place', (t) => {
  const labels = { alertname: 'A' };
  t.throws(() => readWebhook({ alerts: [{ labels }, { labels, startsAt: 'yesterday' }] }, NOW), {
    code: 'WEBHOOK_INVALID',
    message: 'alerts/1/startsAt is no RFC 3339 time (it is "yesterday")',
  });
  t.throws(() => readWebhook({ alerts: [{ labels, status: 'pending' }] }, NOW), { code: 'WEBHOOK_INVALID' });
  t.end();
});

t.test('endless texts are kept to what a message can show', (t) => {
  const [alert] = readWebhook(
    { alerts: [{ labels: { alertname: 'A', long: 'x'.repeat(100_000) }, annotations: { broken: '\ud800' } }] },
    NOW,
  );
  t.equal(alert?.labels.long?.length, 2_000);
  t.ok(alert?.annotations.broken?.isWellFormed());
  t.end();
});

t.test('a wrong webhook gets its reason, and is not stored', { timeout: 60_000 }, async (t) => {
  const { post, metric, clock } = await runBridge(t);
  const good = webhookOf([cascade({ startsAt: clock.now() })]);
  const cases: readonly (readonly [unknown, Readonly<Record<string, string>>, number, string])[] = [
    [good, { authorization: 'Bearer wrong' }, 401, 'unauthorized'],
    [good, { authorization: '' }, 401, 'unauthorized'],
    ['{"alerts":', {}, 400, 'invalid'],
    ['{}', {}, 400, 'invalid'],
    ['{"alerts":[{"labels":5}]}', {}, 400, 'invalid'],
    ['{"alerts":[{"labels":{"__proto__":"x"}}]}', {}, 400, 'invalid'],
    [webhookOf([{ ...cascade(), status: 'firing' }], { alerts: [{ labels: {}, startsAt: 'x' }] }), {}, 400, 'invalid'],
    [good, { 'content-type': 'text/plain' }, 400, 'invalid'],
    [`{"alerts":[],"x":"${'y'.repeat(9_000_000)}"}`, {}, 413, 'too_large'],
  ];
  for (const [payload, headers, status, error] of cases) {
    const response = await post(payload, headers);
    t.equal(response.status, status);
    t.match(await response.json(), { error, message: /\w/ });
  }
  t.equal(await metric('alertbridge_webhooks_rejected_total{reason="invalid"}'), 6);
  t.equal(await metric('alertbridge_webhooks_rejected_total{reason="unauthorized"}'), 2);
  t.equal(await metric('alertbridge_authentication_failures_total'), 2);
  t.equal(await metric('alertbridge_webhooks_total'), 0);
  t.equal(await metric('alertbridge_outbox_messages{state="pending"}'), 0);
});

t.test('both tokens are good during a rotation', { timeout: 60_000 }, async (t) => {
  const { post } = await runBridge(t, { environment: { BRIDGE_WEBHOOK_TOKEN_PREVIOUS: 'test-webhook-old' } });
  t.equal((await post(webhookOf([]))).status, 200);
  t.equal((await post(webhookOf([]), { authorization: 'Bearer test-webhook-old' })).status, 200);
});

t.test('a flood of guesses is logged only so often, and locks nobody out', { timeout: 60_000 }, async (t) => {
  const { post, log, metric } = await runBridge(t);
  for (let guess = 0; guess < 40; guess += 1)
    t.equal((await post({}, { authorization: `Bearer guess-${guess}` })).status, 401);
  t.equal(log().split('wrong credential').length - 1, 20);
  t.equal(await metric('alertbridge_authentication_failures_total'), 40);
  t.equal((await post(webhookOf([]))).status, 200);
});

t.test('alerts that Alertmanager left out are logged', { timeout: 60_000 }, async (t) => {
  const { post, log } = await runBridge(t);
  await post(webhookOf([stackAlert()], { truncatedAlerts: 3 }));
  t.match(log(), /left alerts out/);
});

t.test('a credential may be a bearer, or the password of a browser', (t) => {
  const isAuthorized = createCredentialCheck(['test-token-a', 'test-token-b']);
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  for (const right of ['Bearer test-token-a', 'bearer  test-token-b', basic('me:test-token-a'), basic(':test-token-b')])
    t.ok(isAuthorized(right), right);
  for (const wrong of [
    undefined,
    '',
    'Bearer',
    'Bearer test-token',
    'Digest test-token-a',
    basic('test-token-a:'),
    'test-token-a',
  ])
    t.notOk(isAuthorized(wrong), String(wrong));
  t.end();
});

t.test('failures are forgotten after a minute, and addresses are bounded', (t) => {
  const clock = createManualClock();
  const limit = createFailureLimit(clock, 2);
  t.same([limit.fail('a'), limit.fail('a'), limit.fail('a')], [false, false, true]);
  clock.advance(60_000);
  t.equal(limit.fail('a'), false, 'a new minute');
  limit.fail('b');
  for (let index = 0; index < 1_000; index += 1) limit.fail(`x${index}`);
  t.same([limit.fail('b'), limit.fail('b')], [false, false], 'forgotten for newer ones');
  t.end();
});
