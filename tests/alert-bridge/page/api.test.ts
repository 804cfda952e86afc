import { once } from 'node:events';
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { startAlertmanagerSimulator } from '../../../simulators/alertmanager/alertmanager-simulator.ts';
import { cascade, webhookOf } from '../support/alerts.ts';
import { runBridge, WEBHOOK_TOKEN } from '../support/running-bridge.ts';

t.setTimeout(60_000);

const AUTHORIZED = { authorization: `Bearer ${WEBHOOK_TOKEN}` };

async function open(t: Test, environment: Readonly<Record<string, string>> = {}) {
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const running = await runBridge(t, { environment: { ALERTMANAGER_URL: alertmanager.url, ...environment } });
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = AUTHORIZED,
  ) => {
    const response = await fetch(`${running.bridge.url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { ...running, alertmanager, ask };
}

t.test(
  'the page warns of thresholds that were edited and are not in force, as long as Prometheus says so',
  async (t) => {
    let firing = true;
    const prometheus = createServer((_request, response) => {
      const alert = { state: 'firing', labels: { alertname: 'ThresholdStale' }, annotations: {} };
      response.end(JSON.stringify({ data: { alerts: firing ? [alert] : [] } }));
    });
    await once(prometheus.listen(0, '127.0.0.1'), 'listening');
    t.teardown(() => prometheus.close());
    const address = prometheus.address();
    const { port } = typeof address === 'object' && address ? address : { port: 0 };
    const { bridge, ask } = await open(t, { PROMETHEUS_URL: `http://127.0.0.1:${port}` });
    const page = async () => (await fetch(`${bridge.url}/`)).text();
    const warning = 'The table of thresholds was edited and is not in force: run npm run reload';

    t.match(await page(), warning);
    firing = false;
    t.notMatch(await page(), warning);
    t.match(await ask('GET', '/dashboard.json'), { body: { isTableStale: false } });
    prometheus.close();
    prometheus.closeAllConnections();
    t.notMatch(await page(), warning, 'one that does not answer says nothing of the table; the heartbeat tells of it');
  },
);

t.test('the API asks for the credential even on loopback; what only shows does not', async (t) => {
  const { ask, metric, bridge } = await open(t);
  for (const [method, path] of [
    ['GET', '/subscriptions'],
    ['PUT', '/subscriptions'],
    ['DELETE', '/subscriptions?chat=100'],
    ['GET', '/silences'],
    ['POST', '/silences'],
    ['DELETE', '/silences?id=1'],
  ] as const) {
    t.equal((await ask(method, path, undefined, {})).status, 401, `${method} ${path}`);
  }
  t.equal(await metric('alertbridge_authentication_failures_total'), 6);
  t.equal((await ask('GET', '/dashboard.json', undefined, {})).status, 200);
  t.equal((await ask('GET', '/history.json', undefined, {})).status, 200);
  t.equal((await fetch(`${bridge.url}/`)).status, 200);
});

t.test('an address that keeps guessing is answered 429, a right credential still passes', async (t) => {
  const { ask } = await open(t);
  for (let tries = 0; tries < 20; tries += 1)
    await ask('GET', '/silences', undefined, { authorization: 'Bearer wrong' });
  t.equal((await ask('GET', '/silences', undefined, { authorization: 'Bearer wrong' })).status, 429);
  t.equal((await ask('GET', '/silences')).status, 200);
});

t.test('bound to more than loopback, everything asks for the credential', async (t) => {
  const { ask } = await open(t, { BRIDGE_HOST: '0.0.0.0' });
  for (const path of ['/', '/dashboard.json', '/history.json', '/settings']) {
    t.equal((await ask('GET', path, undefined, {})).status, 401, path);
  }
  t.equal((await ask('GET', '/dashboard.json')).status, 200);
});

t.test('a subscription is put, shown, obeyed and deleted', async (t) => {
  const { ask, post, telegram, clock, waitForMetric } = await open(t);
  t.match(await ask('GET', '/subscriptions'), {
    status: 200,
    body: [{ chat: '100', configured: true, symbols: [], quiet: '' }],
  });
  const wanted = {
    chat: '300',
    symbols: ['btc'],
    types: ['cascade'],
    lowestPriority: 'high',
    quiet: '22:00-07:00 Europe/Berlin',
  };
  t.match(await ask('PUT', '/subscriptions', wanted), {
    status: 201,
    body: { ...wanted, symbols: ['BTC'], configured: false },
  });
  t.equal((await ask('PUT', '/subscriptions', { chat: '100', symbols: 'ETH, SOL' })).status, 200);
  await post(
    webhookOf([cascade({ startsAt: clock.now() }), cascade({ labels: { symbol: 'ETH' }, startsAt: clock.now() })]),
  );
  await telegram.waitFor(({ chatId, text }) => chatId === '300' && text.includes('BTC'));
  await telegram.waitFor(({ chatId, text }) => chatId === '100' && text.includes('ETH'));
  await waitForMetric('alertbridge_notifications_suppressed_total{reason="not_subscribed"}', (value) => value === 2);
  t.equal(telegram.messages.length, 2);
  t.equal((await ask('DELETE', '/subscriptions?chat=300')).status, 204);
  t.match(await ask('DELETE', '/subscriptions?chat=300'), { status: 404, body: { error: 'not_found' } });
  t.match(await ask('DELETE', '/subscriptions?chat=100'), { status: 204 });
  t.match(await ask('GET', '/subscriptions'), { body: [{ chat: '100', symbols: [] }] });
});

t.test('what is wrong with a subscription is said in words, all of it at once', async (t) => {
  const { ask } = await open(t);
  const { status, body } = await ask('PUT', '/subscriptions', {
    chat: 'me',
    symbols: ['<b>'],
    types: ['everything'],
    lowestPriority: 'loud',
    quiet: 'at night',
    paused: 'yes',
    exceptSymbols: 7,
    volume: 11,
  });
  t.equal(status, 400);
  t.equal(body.faults.length, 8);
  t.match(body.message, /chat: must be a numeric id/);
  t.match(await ask('PUT', '/subscriptions', []), { status: 400, body: { faults: [/must be a JSON object/] } });
  t.match(await ask('PUT', '/subscriptions', { chat: '1', symbols: Array.from({ length: 201 }, (_, i) => `S${i}`) }), {
    status: 400,
  });
  t.match(await ask('DELETE', '/subscriptions'), { status: 400, body: { faults: [/say which/] } });
});

t.test('a silence is made, shown with those made elsewhere, and undone', async (t) => {
  const { ask, alertmanager } = await open(t);
  const made = await ask('POST', '/silences', { symbol: 'btc', duration: '1h', createdBy: 'desk', comment: 'test' });
  t.match(made, { status: 201, body: { id: 1, scope: [{ name: 'symbol', value: 'BTC' }] } });
  const foreign = alertmanager.silence({
    matchers: [{ name: 'alertname', value: 'FeedMute' }],
    endsAt: '2030-01-01T00:00:00Z',
    createdBy: 'amtool',
    comment: 'x',
  });
  t.match(await ask('GET', '/silences'), {
    body: [
      { shortId: 1, matchers: 'symbol=BTC', createdBy: 'desk' },
      { matchers: 'alertname=FeedMute', createdBy: 'amtool' },
    ],
  });
  t.match(await ask('DELETE', '/silences?id=1'), { status: 200, body: { title: 'BTC', hidden: 0 } });
  t.match(await ask('DELETE', `/silences?id=${foreign}`), { status: 200, body: { title: 'alertname=FeedMute' } });
  t.match(await ask('DELETE', `/silences?id=${foreign}`), { status: 404 });
  t.same((await ask('GET', '/silences')).body, []);
});

t.test('what is wrong with a silence is said in words; an Alertmanager that is away is a 503', async (t) => {
  const { ask, alertmanager } = await open(t);
  const table: readonly (readonly [unknown, RegExp])[] = [
    [[], /must be a JSON object/],
    [{}, /give a symbol.*duration: must be/],
    [{ symbol: 'BTC', duration: '25h' }, /24h at most/],
    [{ symbol: 'BTC ETH', duration: '1h' }, /give a symbol/],
    [{ symbol: 7, duration: '1h' }, /symbol: must be text/],
  ];
  for (const [body, problem] of table)
    t.match(await ask('POST', '/silences', body), { status: 400, body: { message: problem } });
  t.match(await ask('DELETE', '/silences'), { status: 400 });
  alertmanager.failWith(503);
  t.match(await ask('GET', '/silences'), { status: 503, body: { error: 'silence_unavailable' } });
  t.match(await ask('POST', '/silences', { alert: 'FeedMute', duration: '15m' }), { status: 503 });
});

t.test('the history tells what fired, where it went and why not, a page at a time', async (t) => {
  const { ask, post, clock, telegram } = await open(t);
  const alerts = ['BTC', 'ETH', 'SOL'].map((symbol) => cascade({ labels: { symbol }, startsAt: clock.now() }));
  await ask('PUT', '/subscriptions', { chat: '100', exceptSymbols: ['SOL'] });
  await post(webhookOf(alerts));
  await telegram.waitUntil(({ messages }) => messages.length === 2);
  const all = await ask('GET', '/history.json');
  t.match(all.body.alerts, [
    { symbol: 'SOL', deliveries: [{ chat: '100', state: 'suppressed', reason: 'not_subscribed' }] },
    { symbol: 'ETH', deliveries: [{ state: 'delivered', text: /ETH LIQUIDATION/ }], figures: { events: '7' } },
    { symbol: 'BTC' },
  ]);
  t.match(all.body.scorecard, { useful: { verdict: 'no data', targetRatio: 0.8 } });
  const first = await ask('GET', '/history.json?limit=2');
  t.same(
    first.body.alerts.map((alert: { readonly symbol: string }) => alert.symbol),
    ['SOL', 'ETH'],
  );
  const second = await ask('GET', `/history.json?limit=2&before=${first.body.next}`);
  t.same(
    second.body.alerts.map((alert: { readonly symbol: string }) => alert.symbol),
    ['BTC'],
  );
  t.equal((await ask('GET', '/history.json?symbol=eth')).body.alerts.length, 1);
  for (const query of ['limit=0', 'limit=x', 'limit=501', 'before=x']) {
    t.equal((await ask('GET', `/history.json?${query}`)).status, 400, query);
  }
});

t.test('a foreign page can neither post a form nor read ours under another name', async (t) => {
  const { bridge, read, alertmanager } = await open(t);
  const token = /name="token" value="([^"]+)"/.exec(await read('/settings'))?.[1] ?? '';
  const send = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${bridge.url}/settings/silence`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields),
    });
  const wish = { symbol: 'BTC', duration: '1h' };
  t.equal((await send(wish)).status, 403, 'without the token');
  t.equal((await send({ ...wish, token: 'x' })).status, 403, 'with another one');
  t.equal((await send({ ...wish, token }, { origin: 'https://evil.example' })).status, 403, 'from elsewhere');
  t.equal(alertmanager.silences.length, 0);
  t.equal((await send({ ...wish, token }, { origin: bridge.url })).status, 303);
  t.equal(alertmanager.silences.length, 1);
  const faulty = await send({ symbol: '', duration: 'soon', token });
  t.equal(faulty.status, 400);
  t.match(await faulty.text(), /duration: must be such as/);
});
