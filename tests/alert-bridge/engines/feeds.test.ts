import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { readFeeds, readWatchedSymbols } from '../../../alert-bridge/engines/feeds.ts';
import { createPrometheusClient, type PrometheusClient } from '../../../alert-bridge/engines/prometheus.ts';
import { createVenueNames } from '../../../alert-bridge/engines/venue-names.ts';

/** A Prometheus that answers every query with these samples, or with a status. */
async function prometheusWith(t: Test, result: readonly unknown[] | number): Promise<PrometheusClient> {
  const server = createServer((_request, response) => {
    response.writeHead(typeof result === 'number' ? result : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return createPrometheusClient(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
}

t.test('feeds are named, in order, with whether each is connected', async (t) => {
  const prometheus = await prometheusWith(t, [
    { metric: { exchange: 'okx', feed: 'open_interest' }, value: [0, '0'] },
    { metric: { exchange: 'bybit', feed: 'liquidations' }, value: [0, '1'] },
  ]);
  t.same(await readFeeds(prometheus), [
    ['bybit liquidations', true],
    ['okx open interest', false],
  ]);
});

t.test('watched symbols are those that the exporter names', async (t) => {
  const prometheus = await prometheusWith(t, [{ metric: { symbol: 'BTC' }, value: [0, '1'] }]);
  t.same(await readWatchedSymbols(prometheus), ['BTC']);
  t.same(await readWatchedSymbols(await prometheusWith(t, [])), []);
});

t.test('a Prometheus that fails is an error, not a stack without feeds', async (t) => {
  await t.rejects(readFeeds(await prometheusWith(t, 503)), /answered 503/);
});

t.test('names of venues are those that the exporter gives, and stay while Prometheus is away', async (t) => {
  const names = {
    samples: [{ metric: { exchange: 'mercato', display_name: 'MerCato' }, value: [0, '1'] }],
    fails: false,
  };
  const venues = createVenueNames({
    query: async (expression) => {
      if (names.fails) throw new Error('away');
      return (await prometheusWith(t, names.samples)).query(expression);
    },
  });
  t.equal(venues.known.get('mercato'), undefined, 'not known yet');
  await venues.refresh();
  names.fails = true;
  await t.rejects(venues.refresh(), /away/);
  t.equal(venues.known.get('mercato'), 'MerCato');
});
