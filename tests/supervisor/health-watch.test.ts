import { once } from 'node:events';
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { watchHealth } from '../../supervisor/health-watch.ts';
import { waitUntil } from '../support/waiting.ts';

/** Answers `/health` with what `health` returns at that moment. */
async function serve(t: Test, health: () => string): Promise<{ readonly url: string; readonly looks: () => number }> {
  let looks = 0;
  const server = createServer((_request, response) => {
    looks += 1;
    response.end(health());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, looks: () => looks };
}

const feed = (connected: boolean, lastError?: string) => ({
  exchange: 'bybit',
  feed: 'open_interest',
  connected,
  lastError,
});

function watch(t: Test, exporterUrl: string, bridgeUrl: string): string[] {
  const lines: string[] = [];
  const stopping = new AbortController();
  const say = (line: string) => lines.push(line);
  const watching = watchHealth({ exporterUrl, bridgeUrl, say, signal: stopping.signal, intervalMs: 5 });
  t.teardown(() => {
    stopping.abort();
    return watching;
  });
  return lines;
}

t.test('tells of each feed once, and again when it changes', async (t) => {
  let feeds = [feed(false)];
  const exporter = await serve(t, () => JSON.stringify({ feeds }));
  const bridge = await serve(t, () => JSON.stringify({ status: 'ok' }));

  const lines = watch(t, exporter.url, bridge.url);
  await waitUntil('the first lines', () => lines.length === 2);
  feeds = [feed(true)];
  await waitUntil('a change', () => lines.length === 3);
  feeds = [feed(false, 'connection refused')];
  await waitUntil('another change', () => lines.length === 4);

  t.same(lines, [
    '✗ bybit open interest: not live, connecting',
    '✓ alert-bridge: ok',
    '✓ bybit open interest: live',
    '✗ bybit open interest: not live (connection refused)',
  ]);
});

t.test('names symbols that nobody lists, and an existing service that gives nothing', async (t) => {
  const health = { feeds: [], unlistedSymbols: ['BTTC', 7], existingServiceError: 'no answer' };
  const exporter = await serve(t, () => JSON.stringify(health));
  const bridge = await serve(t, () => 'no JSON');

  const lines = watch(t, exporter.url, bridge.url);
  await waitUntil('both lines', () => lines.length === 2);

  t.same(lines, [
    '✗ BTTC: no exchange lists it, so nothing of it can be seen',
    '✗ existing service: no open interest from it (no answer)',
  ]);
});

t.test('keeps quiet about a state that does not last', async (t) => {
  let look = 0;
  const exporter = await serve(t, () => JSON.stringify({ feeds: [feed(look++ % 2 === 0)] }));

  const lines = watch(t, exporter.url, 'http://127.0.0.1:1');
  await waitUntil('many looks', () => look > 20);

  t.same(lines, []);
});

for (const [title, answer] of [
  ['no JSON', 'oops'],
  ['no object', 'null'],
  ['no list of feeds', '{"feeds":7}'],
  ['feeds that are no objects', '{"feeds":[null,7]}'],
] as const) {
  t.test(`passes over ${title}`, async (t) => {
    const server = await serve(t, () => answer);

    const lines = watch(t, server.url, 'http://127.0.0.1:1');
    await waitUntil('several looks', () => server.looks() > 3);

    t.same(lines, []);
  });
}

t.test('says that the bridge is unwell', async (t) => {
  const bridge = await serve(t, () => '{"status":"degraded"}');

  const lines = watch(t, bridge.url, bridge.url);
  await waitUntil('a line', () => lines.length > 0);

  t.same(lines, ['✗ alert-bridge: degraded']);
});
