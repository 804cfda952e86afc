// What outlives a connection: URLs in turn, planned replacements, replays, the circuit breaker.
import t from 'tap';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { startBinanceSimulator } from '../../../simulators/venues/binance.ts';
import { startOkxSimulator } from '../../../simulators/venues/okx.ts';
import { catalogueOf, until } from './feed-harness.ts';
import { createManualClock } from './manual-clock.ts';
import { startFeed } from './started-feed.ts';

const FAST = { controlIntervalMs: 20 } as const;
const ORDER = { side: 'long', notionalUsd: 1_000, price: 80_000 } as const;

t.test('tries the URLs in turn and stays with the one that works', async (t) => {
  const clock = createManualClock();
  const venue = await startOkxSimulator(FAST);
  const dead = await startOkxSimulator(FAST);
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

t.test('trap 17: replaces a Binance connection before its 24 hours are over, without a gap or a double', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator(FAST);
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
  const venue = await startBinanceSimulator(FAST);
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

t.test(
  'puts another connection beside one that is silent and never had a control stream, and loses nothing',
  async (t) => {
    const clock = createManualClock();
    const venue = await startBinanceSimulator({ controlIntervalMs: 0 });
    const { feed, sink } = await startFeed(t, venue, { clock });
    await until(() => venue.connections.length === 1, 'connected');

    venue.refuseHandshakes({ status: 503, times: 1 });
    await clock.advance(31_000);
    await until(() => feed.status().lastError?.startsWith('replacement failed') === true, 'no other to be had');
    venue.liquidate({ instrumentId: 'BTCUSDT', ...ORDER });
    await until(() => sink.liquidations().length === 1, 'the silent one is still there');
    t.equal(feed.status().reconnects, 0);

    await clock.advance(58_000);
    for (let step = 0; step < 40 && feed.status().reconnects === 0; step += 1) await clock.advance(100);
    await until(() => feed.status().reconnects === 1, 'a minute later another has taken over');
    t.equal(venue.connections.length, 2, 'beside the old one');
    t.equal(feed.status().connectedSince, undefined, 'and what it told cannot be known');
    venue.liquidate({ instrumentId: 'BTCUSDT', ...ORDER, notionalUsd: 2_000 });
    await until(() => sink.rejects.length === 1, 'told twice');
    t.equal(sink.liquidations().length, 2, 'counted once');
    await clock.advance(1_000);
    await until(() => venue.connections.length === 1, 'the old one let go');
    t.ok(feed.status().connected);
  },
);

t.test('goes on with the successor when the old connection is cut before it has spoken', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator(FAST);
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
  const venue = await startOkxSimulator(FAST);
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
  const venue = await startOkxSimulator({ ...FAST, replayOnSubscribe: () => [past, known] });
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

t.test('opens the circuit when a venue lets it in and throws it out, and recovers', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator(FAST);
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
  const { accepted } = venue;
  await clock.advance(11_500);
  t.equal(venue.accepted, accepted, 'left alone for twelve seconds');
  await clock.advance(4_000);
  await until(() => feed.status().connected, 'half open');
  for (let second = 0; second < 66; second += 6) {
    const { messages } = feed.status();
    await until(() => feed.status().messages > messages, 'data');
    await clock.advance(6_000);
  }
  await until(() => feed.status().circuit === 'closed', 'closed after a minute of data');
});

t.test('takes over by a new connection when the streams in the URL change, without a gap', async (t) => {
  const venue = await startBinanceSimulator(FAST);
  const whole = await catalogueOf(venue);
  const coinMargined = new InstrumentCatalogue();
  const inverse = whole.list('binance').filter(({ margin }) => margin === 'inverse');
  coinMargined.replace('binance', inverse);
  const { feed, sink } = await startFeed(t, venue, { catalogue: coinMargined });
  await until(() => venue.connections.length === 1, 'connected without a control stream');

  coinMargined.replace('binance', whole.list('binance'));
  feed.refresh();
  await until(() => feed.status().connected, 'heard');
  await until(() => venue.connections.length === 1, 'the first connection is let go');
  t.ok(venue.connections[0]?.topics.has('btcusdt@markPrice@1s'));
  t.equal(feed.status().reconnects, 0, 'it had nothing to lose');
  venue.liquidate({ instrumentId: 'BTCUSDT', side: 'long', notionalUsd: 1_000, price: 80_000 });
  await until(() => sink.liquidations().length === 1, 'a liquidation');
});
