// Stands between Alertmanagers and a bridge: writes down who told what, and passes everything on.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';

/** One alert of one webhook. */
export interface Told {
  /** The address of the Alertmanager. */
  readonly by: string;
  readonly status: string;
  readonly alertname: string;
  readonly symbol: string;
}

export interface WebhookLog {
  /** `host:port` */
  readonly address: string;
  /** In the order of arrival. */
  readonly told: readonly Told[];
}

interface Payload {
  readonly externalURL: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** @param bridgeUrl where the webhooks go on to */
export async function openWebhookLog(t: Test, bridgeUrl: string): Promise<WebhookLog> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const payload: Payload = JSON.parse(body);
    for (const { status, labels } of payload.alerts) {
      const { alertname = '', symbol = '' } = labels;
      told.push({ by: payload.externalURL, status, alertname, symbol });
    }
    const { authorization = '' } = request.headers;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${bridgeUrl}/webhook`, { method: 'POST', headers, body }).catch(() => undefined);
    response.writeHead(answer?.status ?? 503).end(await answer?.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { address: `127.0.0.1:${port}`, told };
}
