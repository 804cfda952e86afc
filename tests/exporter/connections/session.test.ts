// What one connection does beside delivering: hostile frames, refusals, keeping alive.
import t from 'tap';
import { startBinanceSimulator } from '../../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../../simulators/venues/okx.ts';
import { until } from './feed-harness.ts';
import { createManualClock } from './manual-clock.ts';
import { startFeed } from './started-feed.ts';

const FAST = { controlIntervalMs: 20 } as const;
const ORDER = { side: 'long', notionalUsd: 1_000, price: 80_000 } as const;

t.test('counts hostile frames under their reason and keeps the connection', async (t) => {
  const venue = await startBinanceSimulator(FAST);
  const { feed, sink } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');

  venue.sendRaw('{"stream":');
  venue.sendRaw(Buffer.from([1, 2, 3]));
  venue.sendRaw(`{"stream":"${'x'.repeat(10_485_760)}"}`);
  venue.sendRaw('7');
  venue.sendRaw('null');
  venue.sendRaw('{"__proto__":{"stream":1}}');
  venue.liquidate({ instrumentId: 'BTCUSDT', ...ORDER });
  await until(() => sink.liquidations().length === 1, 'the good one after them');

  t.same(
    sink.rejects.map(({ reason }) => reason),
    ['not_json', 'binary', 'too_large', 'unknown_shape', 'unknown_shape', 'unknown_shape'],
  );
  t.equal(venue.accepted, 1);
});

t.test('survives a frame that is too large to be received at all', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator(FAST);
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'connected');

  venue.sendRaw('x'.repeat(17_000_000));
  await until(() => !feed.status().connected, 'lost');
  t.same(
    sink.rejects.map(({ reason }) => reason),
    ['too_large'],
  );
  await clock.advance(1_000);
  await until(() => feed.status().connected, 'connected again');
});

t.test('trap 22: names a refused handshake and waits as long as the venue asks', async (t) => {
  const cases = [
    [451, undefined, 60_000, /does not serve this location/],
    [403, undefined, 60_000, /refuses this address/],
    [418, 90, 90_000, /banned/],
    [429, 30, 30_000, /fewer requests/],
    [503, undefined, 1_000, /in trouble/],
  ] as const;
  for (const [status, retryAfterSeconds, waitMs, text] of cases) {
    await t.test(String(status), async (t) => {
      const clock = createManualClock();
      const venue = await startBinanceSimulator(FAST);
      venue.refuseHandshakes({ status, times: 1, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
      const { feed } = await startFeed(t, venue, { clock });
      await until(() => text.test(feed.status().lastError ?? ''), 'named');

      await clock.advance(waitMs - 100);
      t.equal(venue.accepted, 0, 'not earlier');
      await clock.advance(200);
      await until(() => feed.status().connected, 'connected');
    });
  }
});

t.test('gives up a handshake that never ends', async (t) => {
  const { createServer } = await import('node:net');
  const sockets = new Set<import('node:net').Socket>();
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await until(() => silent.listening, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const clock = createManualClock();
  const venue = await startOkxSimulator(FAST);
  const { feed } = await startFeed(t, venue, { clock, urls: [`ws://127.0.0.1:${port}`] });
  await until(() => sockets.size === 1, 'handshake begun');

  await clock.advance(10_000);
  t.match(feed.status().lastError, /no handshake within 10 s/);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

t.test('trap 10: pings OKX with bare text after 20 s of silence and takes the bare pong', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxSimulator({ controlIntervalMs: 0 });
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'the first control frames');
  const received = () => venue.connections[0]?.received ?? [];
  // Silence for so long would end the connection, so the data comes back in time.
  await clock.advance(14_000);
  venue.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...ORDER, eventTime: clock.now() });
  await until(() => sink.liquidations().length === 1, 'data');
  t.notOk(received().includes('ping'), 'no ping while data comes');

  const mute = await startOkxSimulator({ controlIntervalMs: 0 });
  const quiet = await startFeed(t, mute, { clock, protocol: { plan: onlyLiquidations(mute.websocketUrl) } });
  await until(() => mute.connections[0]?.topics.size === 2, 'subscribed');
  await clock.advance(21_000);
  await until(() => mute.connections[0]?.received.at(-1) === 'ping', 'a ping');
  await clock.advance(8_500);
  t.equal(mute.connections.length, 1, 'the pong was understood');
  t.same(quiet.sink.rejects, [], 'and is no bad frame');
});

const onlyLiquidations = (url: string) => (instruments: readonly unknown[]) => [
  {
    name: 'public',
    urls: [url],
    controlTopics: [],
    topics: ['liquidation-orders:SWAP', 'liquidation-orders:FUTURES'],
    carriesWatched: true,
    contracts: instruments.length,
  },
];

t.test('trap 10: comes back after OKX closed a silent connection with 4004', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxSimulator({ controlIntervalMs: 0, idleMs: 150 });
  const { feed } = await startFeed(t, venue, { clock });
  await until(() => feed.status().lastError?.includes('4004') === true, 'the reason is told');
  await clock.advance(1_000);
  await until(() => venue.accepted === 2, 'connected again');
});

t.test('pings Bybit every 20 s on every connection', async (t) => {
  const clock = createManualClock();
  const venue = await startBybitSimulator(FAST);
  const { feed } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'connected');
  const pings = () => venue.connections.flatMap(({ received }) => received.filter((text) => text.includes('"ping"')));

  const routes = venue.connections.length;
  for (let second = 0; second < 21; second += 7) {
    const { messages } = feed.status();
    await until(() => feed.status().messages > messages + 4 * routes, 'data on every connection');
    await clock.advance(7_000);
  }
  await until(() => pings().length === routes, 'a ping on every connection');
  t.equal(venue.accepted, routes);
});

t.test('replaces a Bybit connection whose pong does not come', async (t) => {
  const clock = createManualClock();
  const venue = await startBybitSimulator(FAST);
  const keepAlive = {
    frame: 'a frame that nobody answers',
    intervalMs: 2_000,
    when: 'always',
    answerMs: 3_000,
  } as const;
  const { feed } = await startFeed(t, venue, { clock, protocol: { keepAlive } });
  await until(() => feed.status().connected, 'connected');

  await clock.advance(5_500);
  await until(() => /no answer to a ping within 3 s/.test(feed.status().lastError ?? ''), 'given up');
});

t.test('answers Binance’s ping frames', async (t) => {
  const venue = await startBinanceSimulator(FAST);
  const { feed } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');
  t.equal(await venue.ping(), 1);
});
