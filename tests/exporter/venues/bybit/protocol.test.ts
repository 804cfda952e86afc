// Coverage of a venue with one topic per contract, on real sockets; and identical entries of one frame.
import t from 'tap';
import { startBybitSimulator } from '../../../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../../../simulators/venues/okx.ts';
import { Connection } from '../../../../simulators/venues/simulator-server.ts';
import type { SimulatorContract } from '../../../../simulators/venues/venue-simulator.ts';
import { catalogueOf, until } from '../../connections/feed-harness.ts';
import { startFeed } from '../../connections/started-feed.ts';

const FAST = { controlIntervalMs: 20 } as const;
const ORDER = { side: 'long', notionalUsd: 1_000, price: 80_000 } as const;

function linear(instrumentId: string): SimulatorContract {
  const base = instrumentId.replace(/USDT$/, '');
  return { instrumentId, base, quote: 'USDT', margin: 'linear', contractValue: 1, price: 1, openInterest: 1 };
}

t.test('trap 16: counts identical entries of one frame one by one, on every venue', async (t) => {
  for (const [start, instrumentId] of [
    [startBybitSimulator, 'BTCUSDT'],
    [startOkxSimulator, 'BTC-USDT-SWAP'],
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
  const venue = await startBybitSimulator({ ...FAST, contracts: [linear('BTCUSDT'), ...contracts] });
  const { feed } = await startFeed(t, venue);
  await until(() => feed.status().coverage.confirmed === 1_000, 'all confirmed');

  t.match(feed.status(), { connected: true, coverage: { wanted: 1_000 } });
  t.equal(venue.connections.length, 3);
  for (const { topics } of venue.connections) t.ok(JSON.stringify([...topics]).length <= 21_000);
});

t.test('trap 11: one unknown contract costs only itself', async (t) => {
  const all = await startBybitSimulator(FAST);
  const venue = await startBybitSimulator({
    ...FAST,
    contracts: [linear('BTCUSDT'), linear('AUSDT'), linear('CUSDT')],
  });
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
  const venue = await startBybitSimulator(FAST);
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

t.test('is connected while the watched contracts are heard, and shows the rest as coverage', async (t) => {
  const others = Array.from({ length: 700 }, (_, index) => linear(`COIN${index}LONGNAMEUSDT`));
  const venue = await startBybitSimulator({ ...FAST, contracts: [linear('BTCUSDT'), ...others] });
  const { feed, sink } = await startFeed(t, venue);
  await until(() => feed.status().connected, 'connected');
  await until(() => feed.status().coverage.confirmed === 701, 'all covered');
  const { connectedSince } = feed.status();

  venue.refuseHandshakes({ status: 503 });
  const rest = venue.connections.filter(({ topics }) => !topics.has('allLiquidation.BTCUSDT'));
  t.equal(rest.length, venue.connections.length - 1);
  for (const connection of rest) if (connection instanceof Connection) connection.socket.terminate();
  await until(() => feed.status().coverage.confirmed === 1, 'the rest is lost');

  t.ok(feed.status().connected);
  t.equal(feed.status().connectedSince, connectedSince);
  t.match(feed.status().lastError, /connection lost|handshake refused/);
  venue.liquidate({ instrumentId: 'BTCUSDT', ...ORDER });
  await until(() => sink.liquidations().length === 1, 'a watched liquidation');
});
