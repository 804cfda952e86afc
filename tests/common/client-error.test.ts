import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { createHttpServer } from '../../common/http-server.ts';
import { createLogger } from '../../common/logger.ts';

/** A client of a server of ours, and the server's end of its connection. */
async function connected(t: Test): Promise<{ client: Socket; fail: (code: string) => void; atServer: Socket }> {
  const server = createHttpServer({ logger: createLogger('test', 'silent') });
  t.teardown(() => server.close());
  await server.listen({ port: 0, host: '127.0.0.1' });
  const address: AddressInfo | string | null = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const arrival = once(server.server, 'connection');
  const client = connect(address.port, '127.0.0.1');
  t.teardown(() => client.destroy());
  const [atServer] = await arrival;
  const fail = (code: string) => {
    server.server.emit('clientError', Object.assign(new Error('from the parser'), { code }), atServer);
  };
  return { client, fail, atServer };
}

for (const [code, status] of [
  ['ERR_HTTP_REQUEST_TIMEOUT', '503 Service Unavailable'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_INVALID_METHOD', '400 Bad Request'],
] as const) {
  t.test(`${code} is answered with ${status}, and the connection closed`, async (t) => {
    const { client, fail } = await connected(t);
    const answer = text(client);

    fail(code);

    t.match(await answer, new RegExp(`^HTTP/1\\.1 ${status}\\r\\n[\\s\\S]*Connection: close\\r\\n\\r\\n$`));
  });
}

t.test('what is no HTTP is answered with 400', async (t) => {
  const { client } = await connected(t);
  const answer = text(client);

  client.write('hello\r\n\r\n');

  t.match(await answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
});

t.test('a connection that is gone is left alone', async (t) => {
  const { client, fail, atServer } = await connected(t);
  client.destroy();
  await once(atServer, 'close');

  t.doesNotThrow(() => fail('ERR_HTTP_REQUEST_TIMEOUT'));
  t.doesNotThrow(() => fail('ECONNRESET'));
});
