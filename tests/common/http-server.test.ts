import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import t from 'tap';
import { createHttpServer } from '../../common/http-server.ts';
import { createLogger } from '../../common/logger.ts';

function build(lines: string[], bodyLimitBytes?: number) {
  const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  const server = createHttpServer({ logger, ...(bodyLimitBytes === undefined ? {} : { bodyLimitBytes }) });
  server.get('/', async () => 'ok');
  server.post('/', async () => 'ok');
  return server;
}

t.test('answers, and writes no line for each request', async (t) => {
  const lines: string[] = [];
  const server = build(lines);
  t.teardown(() => server.close());

  const { statusCode, body } = await server.inject('/');

  t.same([statusCode, body], [200, 'ok']);
  t.same(lines, []);
});

t.test('refuses a body beyond its limit', async (t) => {
  const server = build([], 10);
  t.teardown(() => server.close());

  const { statusCode } = await server.inject({ method: 'POST', url: '/', payload: { long: 'x'.repeat(20) } });

  t.equal(statusCode, 413);
});

t.test('a client that keeps its connection open does not hold up the end', async (t) => {
  const server = build([]);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const address: AddressInfo | string | null = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = connect(address.port, '127.0.0.1');
  await once(client, 'connect');
  const gone = once(client, 'close');
  client.on('error', () => undefined);

  await server.close();

  await gone;
  t.pass('closed');
});
