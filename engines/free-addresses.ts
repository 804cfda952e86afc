// Four loopback ports that nobody listens on at this moment; for the demo beside a running stack, and for tests.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { NativeSettings } from './stack-settings.ts';

export async function freeAddresses(): Promise<NativeSettings['addresses']> {
  // All four are open at the same time, so that they differ.
  const servers = [createServer(), createServer(), createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  for (const server of servers) server.close();
  const [exporter = 0, bridge = 0, prometheus = 0, alertmanager = 0] = ports;
  const at = (port: number) => ({ host: '127.0.0.1', port });
  return {
    exporter: at(exporter),
    'alert-bridge': at(bridge),
    prometheus: at(prometheus),
    alertmanager: at(alertmanager),
  };
}
