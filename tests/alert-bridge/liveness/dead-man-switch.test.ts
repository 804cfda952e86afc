import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { createDeadManSwitch } from '../../../alert-bridge/liveness/dead-man-switch.ts';
import { createLogger } from '../../../common/logger.ts';
import { waitUntil } from '../../support/waiting.ts';
import { createManualClock, START_MS } from '../support/clocks.ts';

async function setUp(t: Test) {
  const posts: unknown[] = [];
  const lines: { readonly msg: string }[] = [];
  let status = 200;
  const outside = createServer(async (request, response) => {
    posts.push(JSON.parse(await text(request)));
    response.writeHead(status).end('ok');
  });
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  t.teardown(() => {
    outside.closeAllConnections();
    outside.close();
  });
  const address = outside.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/ping/its-secret-part`;
  const clock = createManualClock();
  const logger = createLogger('test', 'info', { write: (line: string) => lines.push(JSON.parse(line)) });
  const told = () => lines.map(({ msg }) => msg);
  const answer = (next: number) => {
    status = next;
  };
  return { posts, lines, told, answer, url, clock, logger };
}

t.test('a heartbeat is posted with its time, and no more than one in half a minute', async (t) => {
  const { posts, url, clock, logger } = await setUp(t);
  const { beat } = createDeadManSwitch({ url, environment: 'trial', clock, logger });

  beat();
  beat();
  clock.advance(29_999);
  beat();
  await waitUntil('posted', () => posts.length > 0);
  clock.advance(1);
  beat();
  await waitUntil('posted again', () => posts.length > 1);

  t.same(
    posts,
    [0, 30_000].map((ms) => {
      return { service: 'derivatives-alerts', environment: 'trial', at: new Date(START_MS + ms).toISOString() };
    }),
  );
});

t.test('a refusal is told once, without the address, and so is the end of it', async (t) => {
  const { told, lines, answer, posts, url, clock, logger } = await setUp(t);
  const { beat } = createDeadManSwitch({ url, environment: 'trial', clock, logger });

  answer(500);
  for (let round = 1; round <= 2; round += 1) {
    beat();
    await waitUntil('refused', () => posts.length === round && told().length > 0);
    clock.advance(30_000);
  }
  answer(200);
  beat();
  await waitUntil('told', () => told().length > 1);

  t.same(told(), ['dead man’s switch not reached', 'dead man’s switch reached again']);
  t.notMatch(JSON.stringify(lines), 'its-secret-part');
});

t.test('an address where nobody is fails for itself', async (t) => {
  const { told, clock, logger } = await setUp(t);

  createDeadManSwitch({ url: 'http://127.0.0.1:1/secret', environment: 'trial', clock, logger }).beat();

  await waitUntil('told', () => told().length > 0);
  t.same(told(), ['dead man’s switch not reached']);
});

t.test('without an address nothing is posted', async (t) => {
  const { posts, clock, logger } = await setUp(t);

  createDeadManSwitch({ url: undefined, environment: 'trial', clock, logger }).beat();

  t.same(posts, []);
});
