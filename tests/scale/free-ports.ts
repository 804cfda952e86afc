// Loopback ports that nobody listens on at this moment.
import { once } from 'node:events';
import { createServer } from 'node:net';

export async function freePorts(count: number): Promise<readonly number[]> {
  // All are open at the same time, so that they differ.
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
