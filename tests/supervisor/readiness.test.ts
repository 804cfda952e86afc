import { once } from 'node:events';
import { createServer } from 'node:http';
import t from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { waitUntilReady } from '../../supervisor/readiness.ts';
import { waitUntil } from '../support/waiting.ts';

t.test('says of each program when it answers, and not before', async (t) => {
  const addresses = await freeAddresses();
  const lines: string[] = [];
  const ready = waitUntilReady({ addresses, say: (line) => lines.push(line), signal: new AbortController().signal });
  let isStarting = true;
  let looks = 0;
  for (const { port } of Object.values(addresses)) {
    const server = createServer((_request, response) => {
      looks += 1;
      response.writeHead(isStarting ? 503 : 200).end();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => server.close());
  }
  await waitUntil('looks that found nothing ready', () => looks > 4);
  t.same(lines, []);

  isStarting = false;
  await ready;

  t.same(lines.sort(), ['✓ alert-bridge: up', '✓ alertmanager: up', '✓ exporter: up', '✓ prometheus: up']);
});

t.test('stops waiting when told to', async (t) => {
  const stopping = new AbortController();
  const lines: string[] = [];
  const ready = waitUntilReady({
    addresses: await freeAddresses(),
    say: (line) => lines.push(line),
    signal: stopping.signal,
    reminderMs: 5,
  });
  await waitUntil('a reminder', () => lines.length > 0);

  stopping.abort();
  await ready;

  t.equal(lines[0], 'waiting for exporter, alert-bridge, prometheus, alertmanager …');
});
