// What the watcher asks the parts of the stack, on real sockets: the exporter's feeds, the bridge's counters, Alertmanager's
// silences, and Prometheus' alerts.
import { once } from 'node:events';
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { readAlerts } from '../../../../operations/watch/alerts.ts';
import { watchDelivery } from '../../../../operations/watch/checks/delivery.ts';
import { watchFeeds } from '../../../../operations/watch/checks/feeds.ts';
import { watchStrangers } from '../../../../operations/watch/checks/strangers.ts';

/** Answers everything with what `body` is at that moment. */
async function telling(t: Test, first: string) {
  const world = { body: first, status: 200, now: 0 };
  const server = createServer((_, response) => response.writeHead(world.status).end(world.body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { world, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

type Feeds = Readonly<Record<string, readonly [connected: boolean, reconnects: number]>>;

const health = (feeds: Feeds): string =>
  JSON.stringify({
    feeds: [
      ...Object.entries(feeds).map(([exchange, [connected, reconnects]]) => {
        return { exchange, feed: 'liquidations', connected, reconnects };
      }),
      { exchange: 'okx', feed: 'open_interest', connected: false, reconnects: 99 },
    ],
  });

async function openFeeds(t: Test) {
  const { world, url } = await telling(t, '');
  const check = watchFeeds(url, () => world.now);
  const look = async (feeds: Feeds, afterMs: number) => {
    world.body = health(feeds);
    world.now += afterMs;
    return check.look();
  };
  return { world, check, look };
}

t.test('feeds of more than half of the exchanges that are gone for 5 minutes are unstable', async (t) => {
  const { look } = await openFeeds(t);
  const gone: Feeds = { binance: [false, 0], bybit: [false, 0], okx: [true, 0] };
  for (let passed = 0; passed < 300_000; passed += 10_000) t.same(await look(gone, 10_000), []);
  t.match(await look(gone, 10_000), [{ trigger: 'websocket', what: /of binance, bybit were/ }]);
  t.same(await look({ ...gone, bybit: [true, 1] }, 10_000), []);
});

t.test('one exchange of three, or one of two, is that exchange’s doing', async (t) => {
  const { look } = await openFeeds(t);
  for (let passed = 0; passed < 400_000; passed += 10_000) {
    t.same(await look({ binance: [false, passed], bybit: [true, 0], okx: [true, 0] }, 10_000), []);
  }
  const two = await openFeeds(t);
  for (let passed = 0; passed < 400_000; passed += 10_000) {
    t.same(await two.look({ binance: [false, 0], bybit: [true, 0] }, 10_000), []);
  }
});

t.test('ten reconnects within 5 minutes are a loop; ten within an hour, or a restart, are none', async (t) => {
  const { look, world, check } = await openFeeds(t);
  t.same(await look({ bybit: [true, 100] }, 10_000), []);
  t.same(await look({ bybit: [true, 109] }, 10_000), []);
  t.match(await look({ bybit: [true, 110] }, 10_000), [{ trigger: 'websocket', what: /of bybit were/ }]);
  t.same(await look({ bybit: [true, 0] }, 10_000), [], 'the exporter was restarted');
  for (let count = 0; count < 20; count += 1) t.same(await look({ bybit: [true, count] }, 200_000), []);
  world.status = 500;
  t.same(await check.look(), [], 'an exporter that does not answer tells nothing of its feeds');
});

t.test('attempts to deliver fail above one in ten of at least five, being asked to wait left out', async (t) => {
  const { world, url } = await telling(t, '');
  const check = watchDelivery(url, () => world.now);
  const look = async (attempts: number, failures: number, waits = 0) => {
    world.body = [
      '# HELP alertbridge_telegram_requests_total x',
      `alertbridge_telegram_requests_total ${attempts}`,
      `alertbridge_telegram_requests_failed_total{reason="network"} ${failures}`,
      `alertbridge_telegram_requests_failed_total{reason="rate_limited"} ${waits}`,
    ].join('\n');
    world.now += 10_000;
    return check.look();
  };
  t.same(await look(1_000, 500), [], 'what was before counts for nothing');
  t.same(await look(1_004, 504), [], 'four are too few');
  t.match(await look(1_005, 505), [{ trigger: 'delivery', what: '5 of the last 5 attempts to reach Telegram failed' }]);
  t.same(await look(1_050, 505, 40), [], 'one in ten');
  t.match(await look(1_059, 506), [{ trigger: 'delivery' }]);
  t.same(await look(10, 9), [], 'the bridge was restarted');
  world.now += 400_000;
  t.same(await look(20, 19), [], 'and what is old is forgotten');
  world.status = 503;
  t.same(await check.look(), []);
});

t.test('a silence in force by somebody who is not listed is a breach', async (t) => {
  const { world, url } = await telling(t, '[]');
  const check = watchStrangers(url, [100]);
  const silence = (createdBy: string, state = 'active') => ({ createdBy, status: { state } });
  const look = async (...silences: readonly unknown[]) => {
    world.body = JSON.stringify(silences);
    return check.look();
  };
  t.same(await look(), []);
  t.same(await look(silence('anna (Telegram 100)'), silence('grafana'), silence('automatic roll-back')), []);
  t.same(await look(silence('mallory (Telegram 666)', 'expired')), []);
  t.match(await look(silence('mallory (Telegram 666)')), [{ trigger: 'breach', what: /Telegram user 666$/ }]);
  t.match(await look(silence('(Telegram 100) mallory (Telegram 666)')), [{ trigger: 'breach' }], 'a name is no proof');
  world.body = 'not json';
  t.same(await check.look(), []);
});

t.test('of the alerts only those that fire with a known trigger count', async (t) => {
  const alert = (labels: object, state = 'firing') => ({ labels, state, annotations: { summary: 'so it is' } });
  const { world, url } = await telling(
    t,
    JSON.stringify({
      data: {
        alerts: [
          alert({ alertname: 'A', rollback: 'endpoint' }),
          alert({ alertname: 'B', rollback: 'breach' }, 'pending'),
          alert({ alertname: 'C', rollback: 'everything' }),
          alert({ alertname: 'MarketWideCascade' }),
        ],
      },
    }),
  );
  t.same(await readAlerts(url), {
    isAnswering: true,
    faults: [{ trigger: 'endpoint', what: 'so it is' }],
    isCascade: true,
  });
  world.status = 503;
  t.same(await readAlerts(url), { isAnswering: false, faults: [], isCascade: false });
});
