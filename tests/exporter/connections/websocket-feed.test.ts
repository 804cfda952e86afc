// The whole websocket feed on real sockets against the simulators of the three venues.
import t from 'tap';
import { startBinanceSimulator } from '../../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../../simulators/venues/okx.ts';
import { until } from './feed-harness.ts';
import { createManualClock } from './manual-clock.ts';
import { startFeed } from './started-feed.ts';

const FAST = { controlIntervalMs: 20 } as const;

t.test('delivers liquidations of linear and coin-margined contracts from every venue', async (t) => {
  const cases = [
    [await startBinanceSimulator(FAST), 'BTCUSDT', 'BTCUSD_PERP'],
    [await startBybitSimulator(FAST), 'BTCUSDT', 'BTCUSD'],
    [await startOkxSimulator(FAST), 'BTC-USDT-SWAP', 'BTC-USD-SWAP'],
  ] as const;
  for (const [venue, linear, inverse] of cases) {
    await t.test(venue.exchange, async (t) => {
      const { feed, sink } = await startFeed(t, venue);
      await until(() => feed.status().connected, 'connected');

      const order = { price: 80_000, notionalUsd: 120_000 } as const;
      venue.liquidate({ instrumentId: linear, side: 'long', ...order });
      venue.liquidate({ instrumentId: inverse, side: 'short', ...order });
      await until(() => sink.liquidations().length === 2, 'two liquidations');

      const told = sink.liquidations().map(({ instrumentId, liquidatedSide, notionalUsd }) => {
        return [instrumentId, { liquidatedSide, notionalUsd: Math.round(notionalUsd) }] as const;
      });
      // The two may come over different connections, so in any order.
      t.same(Object.fromEntries(told), {
        [linear]: { liquidatedSide: 'long', notionalUsd: 120_000 },
        [inverse]: { liquidatedSide: 'short', notionalUsd: 120_000 },
      });
      t.same(sink.rejects, []);
      const { coverage, lastMessageAt, connectedSince, circuit } = feed.status();
      t.equal(coverage.confirmed, coverage.wanted);
      t.ok(coverage.wanted > 6 && lastMessageAt !== undefined && connectedSince !== undefined);
      t.equal(circuit, 'closed');
    });
  }
});

t.test('trap 3: opens one connection to Binance and counts each order once', async (t) => {
  const venue = await startBinanceSimulator(FAST);
  const { feed, sink } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');

  t.equal(venue.connections.length, 1);
  t.equal(venue.liquidate({ instrumentId: 'BTCUSD_PERP', side: 'long', contracts: 10, price: 80_000 }), 1);
  await until(() => sink.liquidations().length > 0, 'a liquidation');
  t.equal(sink.liquidations()[0]?.notionalUsd, 1_000);
});

t.test('trap 1: finds a Binance path that connects and stays silent, and says so', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator(FAST);
  const { feed, sink } = await startFeed(t, venue, { clock, urls: [venue.legacyWebsocketUrl] });
  await until(() => venue.connections.length === 1, 'connected');
  t.equal(await venue.ping(), 1, 'the socket itself is in perfect health');

  venue.liquidate({ instrumentId: 'BTCUSDT', side: 'long', notionalUsd: 1_000, price: 80_000 });
  await clock.advance(29_000);
  t.equal(venue.connections.length, 1, 'patient for half a minute');
  await clock.advance(1_500);
  await until(() => feed.status().reconnects === 1, 'given up for another');
  await clock.advance(1_000);
  await until(() => venue.connections.length === 1, 'let go');

  const { connected, lastError, lastMessageAt } = feed.status();
  t.notOk(connected);
  t.equal(lastMessageAt, undefined);
  t.match(lastError, /mute/);
  t.same(sink.events, []);
});

t.test('trap 22: replaces a socket that has gone mute within 15 s of its last datum', async (t) => {
  for (const start of [startBinanceSimulator, startBybitSimulator, startOkxSimulator]) {
    const clock = createManualClock();
    const venue = await start(FAST);
    await t.test(venue.exchange, async (t) => {
      // Pings would end the connection earlier on some venues; here the data has to.
      const { feed } = await startFeed(t, venue, { clock, protocol: { keepAlive: undefined } });
      await until(() => feed.status().connected, 'connected');
      const { accepted } = venue;

      venue.mute();
      await clock.advance(14_000);
      t.equal(venue.accepted, accepted, 'not before its time');
      await clock.advance(1_500);
      await until(() => venue.connections.length === 0, 'dropped');
      t.notOk(feed.status().connected);
      venue.mute(false);
      await clock.advance(1_500);
      await until(() => feed.status().connected, 'connected again');
      t.equal(feed.status().reconnects, accepted);
    });
  }
});

t.test('waits longer each time for a route that never had a control stream, and still delivers', async (t) => {
  const clock = createManualClock();
  const venue = await startBinanceSimulator({ controlIntervalMs: 0 });
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => venue.accepted === 1, 'first connection');

  await clock.advance(31_000);
  await until(() => feed.status().reconnects === 1, 'second connection');
  await clock.advance(1_000);
  await until(() => venue.connections.length === 1, 'the first is let go');
  await clock.advance(45_000);
  t.equal(venue.accepted, 2, 'twice as patient');
  venue.liquidate({ instrumentId: 'BTCUSDT', side: 'long', notionalUsd: 1_000, price: 80_000 });
  await until(() => sink.liquidations().length === 1, 'the liquidation');
  t.ok(feed.status().connected);
});

t.test('comes back after a cut, subscribes again, and counts the reconnect', async (t) => {
  for (const start of [startBinanceSimulator, startBybitSimulator, startOkxSimulator]) {
    const venue = await start(FAST);
    await t.test(venue.exchange, async (t) => {
      const clock = createManualClock();
      const { feed, sink } = await startFeed(t, venue, { clock });
      await until(() => feed.status().connected, 'connected');
      const before = feed.status().connectedSince ?? 0;
      const instrumentId = venue.exchange === 'okx' ? 'BTC-USDT-SWAP' : 'BTCUSDT';

      venue.cut();
      await until(() => !feed.status().connected, 'lost');
      t.match(feed.status().lastError, /connection lost/);
      await clock.advance(1_100);
      await until(() => feed.status().connected, 'connected again');
      venue.liquidate({ instrumentId, side: 'long', notionalUsd: 1_000, price: 80_000, eventTime: clock.now() });
      await until(() => sink.liquidations().length === 1, 'a liquidation');

      t.ok((feed.status().connectedSince ?? 0) > before, 'the gap shows');
      t.ok(feed.status().reconnects >= 1);
    });
  }
});

t.test('trap 1: takes neither pongs nor acknowledgements for data', async (t) => {
  const clock = createManualClock();
  const venue = await startBybitSimulator({ controlIntervalMs: 0 });
  const { feed, sink } = await startFeed(t, venue, { clock });
  await until(() => feed.status().connected, 'the snapshots came');
  const since = feed.status().lastMessageAt;

  for (let second = 0; second < 14; second += 2) {
    venue.sendRaw('{"success":true,"ret_msg":"pong","op":"ping"}');
    venue.sendRaw('{"success":true,"ret_msg":"","op":"subscribe"}');
    // Frames come in order: once this one is refused on every connection, those before it were read.
    const refused = sink.rejects.length + venue.connections.length;
    venue.sendRaw('no JSON');
    await until(() => sink.rejects.length === refused, 'read');
    await clock.advance(2_000);
  }
  t.ok(feed.status().connected);
  await clock.advance(1_500);
  await until(() => !feed.status().connected, 'given up');
  t.match(feed.status().lastError, /mute: connected, but no data for 15 s/);
  t.equal(feed.status().lastMessageAt, since);
});
