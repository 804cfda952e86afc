// A server that gives prepared answers by path; 404 for the others.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Test } from 'tap';

export type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** @returns its URL; it ends with the test */
export async function answering(t: Test, answers: Answers): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answers[new URL(request.url ?? '/', 'http://x').pathname] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}
