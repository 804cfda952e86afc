import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { readEpisodeTotals } from '../../../alert-bridge/engines/episode-totals.ts';
import { createPrometheusClient } from '../../../alert-bridge/engines/prometheus.ts';

async function serve(
  t: Test,
  answer: (path: string) => { readonly status?: number; readonly body: string },
): Promise<string> {
  const server = createServer((request, response) => {
    const { status = 200, body } = answer(request.url ?? '');
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const vector = (samples: readonly (readonly [side: string, value: string])[]) =>
  JSON.stringify({
    status: 'success',
    data: { result: samples.map(([side, value]) => ({ metric: { side }, value: [0, value] })) },
  });

t.test('only alerts that fire are read, and only their texts', async (t) => {
  const alerts = [
    { state: 'firing', labels: { alertname: 'A', odd: 5 }, annotations: null },
    { state: 'pending', labels: { alertname: 'B' }, annotations: {} },
  ];
  const url = await serve(t, () => ({ body: JSON.stringify({ data: { alerts } }) }));
  t.same(await createPrometheusClient(url).alerts(), [{ labels: { alertname: 'A' }, annotations: {} }]);
});

for (const [what, body] of [
  ['nothing', '{}'],
  ['another shape', '{"data":{"alerts":7}}'],
  ['no object', 'null'],
] as const) {
  t.test(`an answer that holds ${what} holds no alerts`, async (t) => {
    const url = await serve(t, () => ({ body }));
    t.same(await createPrometheusClient(url).alerts(), []);
  });
}

t.test('a refusal, broken JSON or an endless answer is an error', async (t) => {
  const refused = await serve(t, () => ({ status: 503, body: '' }));
  await t.rejects(createPrometheusClient(refused).alerts(), { message: /^\/api\/v1\/alerts answered 503/ });
  const broken = await serve(t, () => ({ body: '{"data":' }));
  await t.rejects(createPrometheusClient(broken).alerts(), { name: 'SyntaxError' });
  const endless = await serve(t, () => ({ body: 'x'.repeat(5_000_000) }));
  await t.rejects(createPrometheusClient(endless).alerts(), { message: /more than/ });
});

t.test('totals are the growth of the counters between two moments', async (t) => {
  const url = await serve(t, (path) => {
    const isLater = path.includes('time=2.000');
    const values = path.includes('notional') ? ['1000', '5000'] : ['10', '17'];
    return {
      body: vector([
        ['long', values[isLater ? 1 : 0] ?? ''],
        ['short', '3'],
      ]),
    };
  });
  const totals = await readEpisodeTotals(createPrometheusClient(url), 'BTC', 1_000, 2_000);
  t.same(totals, { longEvents: 7, shortEvents: 0, longUsd: 4_000, shortUsd: 0 });
});

const UNKNOWN: readonly (readonly [string, string])[] = [
  ['a counter that is absent', vector([['long', '1']])],
  [
    'a value that is no number',
    vector([
      ['long', 'NaN'],
      ['short', '1'],
    ]),
  ],
  ['no result', '{}'],
];
for (const [what, body] of UNKNOWN) {
  t.test(`${what} tells no totals`, async (t) => {
    const url = await serve(t, () => ({ body }));
    t.equal(await readEpisodeTotals(createPrometheusClient(url), 'BTC', 1_000, 2_000), undefined);
  });
}

t.test('a counter that was reset tells no totals', async (t) => {
  const url = await serve(t, (path) => ({
    body: vector([
      ['long', path.includes('time=2.000') ? '1' : '9'],
      ['short', '1'],
    ]),
  }));
  t.equal(await readEpisodeTotals(createPrometheusClient(url), 'BTC', 1_000, 2_000), undefined);
});
