import { createServer, type RequestListener } from 'node:http';
import t, { type Test } from 'tap';
import { createSystemClock } from '../../../common/clock.ts';
import { createRestClient } from '../../../exporter/requests/rest-client.ts';

const never = new AbortController().signal;

async function serve(t: Test, listener: RequestListener, timeoutMs?: number) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createRestClient({
    clock: createSystemClock(),
    throttleCodes: ['50011', '10006'],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { client, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/` };
}

t.test('gives the parsed answer of a GET, and of a POST with a body', async (t) => {
  const { client, url } = await serve(t, async (request, response) => {
    const body = (await request.toArray()).join('');
    response.end(JSON.stringify({ method: request.method, body }));
  });
  t.same(await client.fetchJson(url, never), { type: 'answered', body: { method: 'GET', body: '' } });
  t.same(await client.fetchJson(url, never, { base_symbol: 'BTC' }), {
    type: 'answered',
    body: { method: 'POST', body: '{"base_symbol":"BTC"}' },
  });
});

t.test('names refusals and obeys their Retry-After', async (t) => {
  const { client, url } = await serve(t, (_request, response) => {
    response.writeHead(429, { 'Retry-After': '7' }).end('{}');
  });
  t.match(await client.fetchJson(url, never), { type: 'failed', text: /fewer requests/, waitMs: 7_000 });
});

t.test('takes a throttling code inside an answer with status 200 for throttling', async (t) => {
  for (const body of ['{"code":"50011","msg":"Too Many Requests"}', '{"retCode":10006,"retMsg":"Too many visits!"}']) {
    const { client, url } = await serve(t, (_request, response) => response.end(body));
    t.match(await client.fetchJson(url, never), { type: 'failed', text: /fewer requests/, waitMs: 60_000 });
  }
});

t.test('fails in plain words on what is no JSON, no answer, too long or too slow', async (t) => {
  const broken = await serve(t, (_request, response) => response.end('<html>'));
  t.match(await broken.client.fetchJson(broken.url, never), { type: 'failed', text: /no JSON: <html>/, waitMs: 0 });

  const dead = await serve(t, (request) => request.socket.destroy());
  t.match(await dead.client.fetchJson(dead.url, never), { type: 'failed', text: /no answer/ });

  const huge = await serve(t, (_request, response) => response.end(Buffer.alloc(34_000_000, ' ')));
  t.match(await huge.client.fetchJson(huge.url, never), { type: 'failed', text: /no answer: .*size/i });

  const slow = await serve(t, () => {}, 50);
  t.match(await slow.client.fetchJson(slow.url, never), { type: 'failed', text: /no answer/ });
});

t.test('stops waiting when it is told to', async (t) => {
  const { client, url } = await serve(t, () => {});
  const stop = new AbortController();
  const answer = client.fetchJson(url, stop.signal);
  stop.abort();
  t.match(await answer, { type: 'failed' });
});
