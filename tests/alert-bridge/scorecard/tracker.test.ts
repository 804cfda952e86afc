// What the price did, looked up on time, over a real database and against a Prometheus on a real socket.
import { createServer } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createPrometheusClient } from '../../../alert-bridge/engines/prometheus.ts';
import { createHistory } from '../../../alert-bridge/history/sql-history.ts';
import { openConnection } from '../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { createPriceHistory } from '../../../alert-bridge/scorecard/prices.ts';
import { createTrack } from '../../../alert-bridge/scorecard/sql-track.ts';
import { trackPrices } from '../../../alert-bridge/scorecard/tracker.ts';
import { MARKET, rules } from '../outbox/databases/store-contract.ts';
import { cascade, largeLiquidation } from '../support/alerts.ts';
import { createManualClock, type ManualClock, START_MS } from '../support/clocks.ts';

const MINUTE = 60_000;

/** Price 100 at the start, 0.011 % of it more each second. */
const priceAt = (atSeconds: number) => 100 * (1 + 0.00011 * (atSeconds - START_MS / 1_000));

async function startPrometheus(t: Test) {
  const state = { isAway: false, isEmpty: false };
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://x').searchParams;
    if (state.isAway) {
      response.writeHead(503).end('no');
      return;
    }
    const [start, end] = [Number(query.get('start')), Number(query.get('end'))];
    const steps = Array.from({ length: Math.floor((end - start) / 5) + 1 }, (_, index) => start + index * 5);
    const time = Number(query.get('time'));
    const sample = request.url?.startsWith('/api/v1/query_range')
      ? { values: steps.map((at) => [at, String(priceAt(at))]) }
      : { value: [time, String(priceAt(time))] };
    response.end(JSON.stringify({ status: 'success', data: { result: state.isEmpty ? [] : [sample] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return { state, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

async function setUp(t: Test, path = join(t.testdir(), 'outbox.sqlite'), clock: ManualClock = createManualClock()) {
  const prometheus = await startPrometheus(t);
  const db = openConnection(path);
  const store = await createSqliteStore(db, { rules: rules(), chats: [MARKET], now: clock.now() });
  const moves: unknown[] = [];
  const track = createTrack(db);
  const look = () =>
    trackPrices({
      store: track,
      prices: createPriceHistory(createPrometheusClient(prometheus.url)),
      clock,
      onMove: (kind, horizon, ratio) => void moves.push([kind, horizon, Number(ratio.toFixed(6))]),
    });
  const tell = async () => {
    await store.accept([cascade(), largeLiquidation({ labels: { symbol: 'ETH' } })], {
      now: clock.now(),
      wallNow: clock.now(),
    });
    for (let id = 1; id <= 2; id += 1) {
      const claimed = await store.claim(['100'], clock.now(), 3);
      if (!claimed) throw new Error('nothing to claim');
      const settlement =
        id === 1
          ? ({ type: 'delivered', messageId: 1, text: 'x' } as const)
          : ({ type: 'dead', reason: 'forbidden' } as const);
      await store.settle(claimed.id, settlement, clock.now());
    }
  };
  return { prometheus, db, store, track, look, tell, moves, clock, path };
}

t.test('the price is looked up 1, 5, 15 and 60 minutes after an alert that somebody was told of', async (t) => {
  const { look, tell, moves, track, store, clock, db } = await setUp(t);
  t.teardown(() => store.close());
  await tell();
  for (let minute = 0; minute <= 62; minute += 1) {
    await look();
    clock.advance(MINUTE);
  }
  t.same(
    moves,
    [
      ['cascade', 1, 0.0066],
      ['cascade', 5, 0.033],
      ['cascade', 15, 0.099],
      ['cascade', 60, 0.396],
    ],
    'and not of the one that nobody got',
  );
  const samples = await track.samples(START_MS - 1);
  t.same(samples.leads, [{ kind: 'cascade', leadMs: 30_000 }]);
  const [entry] = await createHistory(db).read({ symbol: 'BTC', limit: 1, before: undefined, isNotifiedOnly: true });
  t.same(Object.keys(entry?.priceMoves ?? {}), ['1', '5', '15', '60']);
});

t.test('the schedule survives a restart', async (t) => {
  const first = await setUp(t);
  await first.tell();
  first.clock.advance(10_000);
  await first.look();
  await first.store.close();
  const second = await setUp(t, first.path, first.clock);
  t.teardown(() => second.store.close());
  second.clock.advance(6 * MINUTE);
  await second.look();
  await second.look();
  t.same(
    second.moves.map((move) => Array.isArray(move) && move[1]),
    [1, 5],
    'each once',
  );
});

t.test('a Prometheus that is away is asked again, one that knows nothing is believed after an hour', async (t) => {
  const { look, tell, moves, prometheus, clock, store, db } = await setUp(t);
  t.teardown(() => store.close());
  await tell();
  await look();
  clock.advance(2 * MINUTE);
  prometheus.state.isAway = true;
  await t.rejects(look(), { message: /answered 503/ });
  prometheus.state.isAway = false;
  prometheus.state.isEmpty = true;
  await look();
  t.same(moves, []);
  clock.advance(70 * MINUTE);
  await look();
  const unknown = await db.read((sql) => sql.get(`SELECT COUNT(*) AS n FROM price_moves WHERE state = 'unknown'`));
  t.equal(unknown?.n, 2, 'those of 1 and 5 minutes');
  prometheus.state.isEmpty = false;
  await look();
  t.equal(moves.length, 2, 'the younger ones are still looked up');
});
