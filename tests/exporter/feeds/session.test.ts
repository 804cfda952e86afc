// What one connection does beside delivering: subscribing, keeping alive, hostile frames, refusals, planned replacements.
import t from 'tap';
import { startBinanceStandIn } from '../../stand-ins/venues/binance.ts';
import { startBybitStandIn } from '../../stand-ins/venues/bybit.ts';
import { startOkxStandIn } from '../../stand-ins/venues/okx.ts';
import type { StandInContract } from '../../stand-ins/venues/venue-stand-in.ts';
import { catalogueOf, until } from './feed-harness.ts';
import { createManualClock } from './manual-clock.ts';
import { startFeed } from './started-feed.ts';

const FAST = { controlIntervalMs: 20 } as const;
const ORDER = { side: 'long', notionalUsd: 1_000, price: 80_000 } as const;

function linear(instrumentId: string): StandInContract {
  const base = instrumentId.replace(/USDT$/, '');
  return { instrumentId, base, quote: 'USDT', margin: 'linear', contractValue: 1, price: 1, openInterest: 1 };
}

t.test('counts hostile frames under their reason and keeps the connection', async (t) => {
  const venue = await startBinanceStandIn(FAST);
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
  const venue = await startBinanceStandIn(FAST);
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
      const venue = await startBinanceStandIn(FAST);
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

t.test('tries the URLs in turn and stays with the one that works', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxStandIn(FAST);
  const dead = await startOkxStandIn(FAST);
  await dead.close();
  const { feed } = await startFeed(t, venue, { clock, urls: [dead.websocketUrl, venue.websocketUrl] });
  await until(() => feed.status().lastError?.includes('ECONNREFUSED') === true, 'first one refused');

  await clock.advance(1_000);
  await until(() => feed.status().connected, 'connected to the second');
  venue.cut();
  await until(() => !feed.status().connected, 'cut');
  await clock.advance(2_000);
  await until(() => feed.status().connected, 'connected to the second again');
});

t.test('gives up a handshake that never ends', async (t) => {
  const { createServer } = await import('node:net');
  const sockets = new Set<import('node:net').Socket>();
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await until(() => silent.listening, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const clock = createManualClock();
  const venue = await startOkxStandIn(FAST);
  const { feed } = await startFeed(t, venue, { clock, urls: [`ws://127.0.0.1:${port}`] });
  await until(() => sockets.size === 1, 'handshake begun');

  await clock.advance(10_000);
  t.match(feed.status().lastError, /no handshake within 10 s/);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

t.test('trap 10: pings OKX with bare text after 20 s of silence and takes the bare pong', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxStandIn({ controlIntervalMs: 0 });
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'the first control frames');
  const received = () => venue.connections[0]?.received ?? [];
  // Silence for so long would end the connection, so the data comes back in time.
  await clock.advance(14_000);
  venue.liquidate({ instrumentId: 'BTC-USDT-SWAP', ...ORDER, eventTime: clock.now() });
  await until(() => sink.liquidations().length === 1, 'data');
  t.notOk(received().includes('ping'), 'no ping while data comes');

  const mute = await startOkxStandIn({ controlIntervalMs: 0 });
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
    contracts: instruments.length,
  },
];

t.test('trap 10: comes back after OKX closed a silent connection with 4004', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxStandIn({ controlIntervalMs: 0, idleMs: 150 });
  const { feed } = await startFeed(t, venue, { clock });
  await until(() => feed.status().lastError?.includes('4004') === true, 'the reason is told');
  await clock.advance(1_000);
  await until(() => venue.accepted === 2, 'connected again');
});

t.test('pings Bybit every 20 s on every connection', async (t) => {
  const clock = createManualClock();
  const venue = await startBybitStandIn(FAST);
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
  const venue = await startBybitStandIn(FAST);
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
  const venue = await startBinanceStandIn(FAST);
  const { feed } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');
  t.equal(await venue.ping(), 1);
});

t.test('trap 17: replaces a Binance connection before its 24 hours are over, without a gap or a double', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceStandIn(FAST);
  const { feed, sink } = await startFeed(t, venue, { clock, protocol: { lifetimeMs: 3_000 } });
  await until(() => feed.status().connected, 'connected');
  const { connectedSince } = feed.status();

  await clock.advance(3_000);
  await until(() => venue.connections.length === 2, 'the successor beside it');
  await until(() => feed.status().reconnects === 1, 'handed over');
  venue.liquidate({ instrumentId: 'BTCUSDT', ...ORDER }, { instrumentId: 'BTCUSDT', ...ORDER, notionalUsd: 2_000 });
  await until(() => sink.rejects.length === 2, 'told twice');
  t.equal(sink.liquidations().length, 2, 'counted once');
  t.ok(sink.rejects.every(({ reason }) => reason === 'replayed'));
  await clock.advance(1_000);
  await until(() => venue.connections.length === 1, 'the old one let go');
  t.ok(feed.status().connected);
  t.equal(feed.status().connectedSince, connectedSince, 'no gap');
});

t.test('keeps the old connection while its replacement fails, and asks again a minute later', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceStandIn(FAST);
  const { feed } = await startFeed(t, venue, { clock, protocol: { lifetimeMs: 3_000 } });
  await until(() => feed.status().connected, 'connected');

  venue.refuseHandshakes({ status: 503, times: 1 });
  await clock.advance(3_000);
  await until(() => feed.status().lastError?.startsWith('replacement failed') === true, 'failed');
  t.ok(feed.status().connected);
  for (let second = 0; second < 70 && feed.status().reconnects === 0; second += 1) {
    const { messages } = feed.status();
    await until(() => feed.status().messages > messages, 'data');
    await clock.advance(1_000);
  }
  await until(() => feed.status().reconnects === 1, 'handed over');
});

t.test('goes on with the successor when the old connection is cut before it has spoken', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceStandIn(FAST);
  const { feed } = await startFeed(t, venue, { clock, protocol: { lifetimeMs: 3_000 } });
  await until(() => feed.status().connected, 'connected');

  venue.mute();
  await clock.advance(3_000);
  await until(() => venue.connections.length === 2, 'both');
  venue.cutOldest();
  await until(() => !feed.status().connected, 'the old one is lost');
  venue.mute(false);
  await until(() => feed.status().connected, 'connected at once, without a wait');
  t.equal(venue.accepted, 2);
  t.equal(feed.status().reconnects, 1);
});

t.test('reconnects ahead of an OKX upgrade notice, without a gap', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxStandIn(FAST);
  const { feed } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'connected');
  const { connectedSince } = feed.status();

  venue.announceUpgrade();
  await until(() => feed.status().reconnects === 1, 'handed over');
  await clock.advance(1_000);
  await until(() => venue.connections.length === 1, 'only the new one');
  t.equal(feed.status().connectedSince, connectedSince);
  t.match(feed.status().lastError, /64008/);
});

t.test('trap 9: counts what OKX replays after a reconnect once', async (t) => {
  const clock = createManualClock();
  const past = { instrumentId: 'BTC-USDT-SWAP', ...ORDER, eventTime: clock.now() - 600_000 } as const;
  const known = { instrumentId: 'ETH-USDT-SWAP', ...ORDER, price: 3_000, eventTime: clock.now() } as const;
  const venue = await startOkxStandIn({ ...FAST, replayOnSubscribe: () => [past, known] });
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'connected');
  t.same(
    sink.liquidations().map(({ symbol }) => symbol),
    ['ETH'],
    'the old one is not news',
  );

  venue.cut();
  await until(() => !feed.status().connected, 'cut');
  await clock.advance(1_000);
  await until(() => feed.status().connected, 'connected again');
  t.equal(sink.liquidations().length, 1);
  t.equal(sink.rejects.filter(({ reason }) => reason === 'replayed').length, 3);
});

t.test('trap 16: counts identical entries of one frame one by one, on every venue', async (t) => {
  for (const [start, instrumentId] of [
    [startBybitStandIn, 'BTCUSDT'],
    [startOkxStandIn, 'BTC-USDT-SWAP'],
  ] as const) {
    const venue = await start(FAST);
    await t.test(venue.exchange, async (t) => {
      const { feed, sink } = await startFeed(t, venue);
      await until(() => feed.status().connected, 'connected');
      const twin = { instrumentId, ...ORDER, eventTime: Date.now() };
      t.equal(venue.liquidate(twin, twin, twin), 1, 'one frame');
      await until(() => sink.liquidations().length === 3, 'three');
    });
  }
});

t.test('trap 11: covers every listed Bybit contract, over as many connections as it takes', async (t) => {
  const contracts = Array.from({ length: 999 }, (_, index) => linear(`COIN${index}LONGNAMEUSDT`));
  const venue = await startBybitStandIn({ ...FAST, contracts: [linear('BTCUSDT'), ...contracts] });
  const { feed } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');

  t.same(feed.status().coverage, { wanted: 1_000, confirmed: 1_000 });
  t.equal(venue.connections.length, 3);
  for (const { topics } of venue.connections) t.ok(JSON.stringify([...topics]).length <= 21_000);
});

t.test('trap 11: one unknown contract costs only itself', async (t) => {
  const all = await startBybitStandIn(FAST);
  const venue = await startBybitStandIn({ ...FAST, contracts: [linear('BTCUSDT'), linear('AUSDT'), linear('CUSDT')] });
  all.list(linear('AUSDT'));
  t.teardown(() => all.close());
  // The catalogue knows more than the stream does, as after a delisting.
  const catalogue = await catalogueOf(all);
  const { feed } = await startFeed(t, venue, { catalogue });
  await until(() => feed.status().coverage.confirmed === 2, 'what exists is subscribed');
  await until(() => /handler not found/.test(feed.status().lastError ?? ''), 'what does not is named');
  t.ok(feed.status().coverage.wanted > 2);
});

t.test('trap 11: subscribes to new listings and drops nothing on an empty refresh', async (t) => {
  const venue = await startBybitStandIn(FAST);
  const { feed, catalogue, sink } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');
  const { coverage, connectedSince } = feed.status();

  catalogue.replace('bybit', []);
  feed.refresh();
  t.same(feed.status().coverage, coverage);
  venue.list(linear('NEWUSDT'));
  catalogue.replace('bybit', (await catalogueOf(venue)).list('bybit'));
  feed.refresh();
  await until(() => feed.status().coverage.confirmed === coverage.confirmed + 1, 'one more');
  venue.liquidate({ instrumentId: 'NEWUSDT', ...ORDER });
  await until(() => sink.liquidations().length === 1, 'its liquidation');
  t.equal(feed.status().connectedSince, connectedSince, 'without a gap');
  t.equal(feed.status().reconnects, 0);
});

t.test('opens the circuit when a venue lets it in and throws it out, and recovers', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceStandIn(FAST);
  const { feed } = await startFeed(t, venue, { clock });
  const delays = [1, 2, 4, 8, 16, 16, 16, 16, 16, 16];
  for (const [round, seconds] of delays.entries()) {
    await until(() => feed.status().connected, `connected ${round}`);
    venue.cut();
    await until(() => !feed.status().connected, `cut ${round}`);
    t.equal(feed.status().circuit, 'closed');
    await clock.advance(seconds * 1_000);
  }
  await until(() => feed.status().connected, 'connected');
  venue.cut();
  await until(() => feed.status().circuit === 'open', 'open');
  await clock.advance(59_000);
  t.notOk(feed.status().connected, 'left alone for a minute');
  await clock.advance(1_500);
  await until(() => feed.status().connected, 'half open');
  for (let second = 0; second < 66; second += 6) {
    const { messages } = feed.status();
    await until(() => feed.status().messages > messages, 'data');
    await clock.advance(6_000);
  }
  await until(() => feed.status().circuit === 'closed', 'closed after a minute of data');
});
