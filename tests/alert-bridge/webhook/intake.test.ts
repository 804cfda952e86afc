import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import t, { type Test } from 'tap';
import { createIntake } from '../../../alert-bridge/webhook/intake.ts';
import { cascade, webhookOf } from '../support/alerts.ts';
import { createManualClock } from '../support/clocks.ts';
import { type RunningBridge, runBridge, WEBHOOK_TOKEN } from '../support/running-bridge.ts';

t.setTimeout(60_000);

/** Lets everything that can go on now go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const clock = createManualClock();
  const intake = createIntake(clock, 100);
  const admitted: string[] = [];
  const refused: string[] = [];
  const releases = new Map<string, () => void>();
  const arrive = async (name: string, bytes: number) => {
    try {
      releases.set(name, await intake.enter(bytes));
      admitted.push(name);
    } catch (error) {
      t.match(error, { code: 'WEBHOOK_BUSY' });
      refused.push(name);
    }
  };
  return {
    clock,
    admitted,
    refused,
    async arrive(name: string, bytes: number) {
      void arrive(name, bytes);
      await settle();
    },
    async leave(name: string) {
      releases.get(name)?.();
      await settle();
    },
  };
}

t.test('small bodies pass side by side as far as the budget goes, the next ones in their order', async (t) => {
  const { admitted, arrive, leave } = setUp();
  await arrive('a', 40);
  await arrive('b', 60);
  await arrive('c', 50);
  await arrive('d', 1);
  t.same(admitted, ['a', 'b'], 'nobody overtakes');
  await leave('a');
  t.same(admitted, ['a', 'b']);
  await leave('b');
  t.same(admitted, ['a', 'b', 'c', 'd']);
});

t.test('a body beyond the budget, or of unknown size, passes alone', async (t) => {
  const { admitted, arrive, leave } = setUp();
  await arrive('small', 1);
  await arrive('huge', 5_000);
  await arrive('endless', Number.POSITIVE_INFINITY);
  t.same(admitted, ['small']);
  await leave('small');
  t.same(admitted, ['small', 'huge']);
  await leave('huge');
  t.same(admitted, ['small', 'huge', 'endless']);
  await leave('endless');
  await arrive('next', 100);
  t.equal(admitted.at(-1), 'next');
});

t.test('a place is given back once, however often it is said', async (t) => {
  const { admitted, arrive, leave } = setUp();
  await arrive('a', 100);
  await leave('a');
  await leave('a');
  await arrive('b', 100);
  await arrive('c', 100);
  t.same(admitted, ['a', 'b']);
});

t.test('who waits for five seconds is to come again, and holds nobody up', async (t) => {
  const { clock, admitted, refused, arrive, leave } = setUp();
  await arrive('slow', 60);
  await arrive('huge', 100);
  clock.advance(1_000);
  await arrive('small', 40);
  clock.advance(4_000);
  await settle();
  t.same(refused, ['huge']);
  t.same(admitted, ['slow', 'small'], 'what fits behind it is let in');
  await leave('slow');
  clock.advance(60_000);
  await settle();
  t.same(refused, ['huge']);
});

/** A large webhook of which only the beginning is sent; resolves once the bridge has begun to read it. */
async function beginLarge(t: Test, { bridge }: RunningBridge): Promise<ClientRequest> {
  const isRead = once(bridge.server.server, 'request');
  const sender = request(`${bridge.url}/webhook`, {
    method: 'POST',
    headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json', 'content-length': 1e6 },
  });
  sender.on('error', () => {});
  sender.write('{"alerts":[');
  t.teardown(() => sender.destroy());
  await isRead;
  return sender;
}

t.test('a sender that goes away while its body is read gives its place back', async (t) => {
  const running = await runBridge(t);
  const lost = await beginLarge(t, running);
  const behind = running.post(webhookOf([cascade({ startsAt: running.clock.now() })]));
  lost.destroy();
  t.equal((await behind).status, 200);
  t.equal(await running.metric('alertbridge_webhooks_total'), 1);
});

t.test('what came at once and could not be read in time is a 503, which Alertmanager repeats', async (t) => {
  const clock = createManualClock();
  const running = await runBridge(t, { clock });
  await beginLarge(t, running);
  const behind = running.post(webhookOf([cascade({ startsAt: clock.now() })]));
  const pump = setInterval(() => clock.advance(500), 5);
  const answer = await behind.finally(() => clearInterval(pump));
  t.equal(answer.status, 503);
  t.match(await answer.json(), { error: 'busy' });
  t.equal(await running.metric('alertbridge_webhooks_rejected_total{reason="busy"}'), 1);
});
