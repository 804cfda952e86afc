// Alertmanager's API v2 as far as silences and hidden alerts go, on a real socket. Knows nothing of the bridge.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface SimulatorAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt?: string;
}

interface SimulatorSilence {
  readonly id: string;
  readonly matchers: readonly { readonly name: string; readonly value: string }[];
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly status: { readonly state: 'active' | 'expired' };
}

export interface AlertmanagerSimulator {
  readonly url: string;
  readonly silences: readonly SimulatorSilence[];
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  /** What fires; active silences hide what they match. */
  fire(...alerts: readonly SimulatorAlert[]): void;
  /** Somebody makes a silence elsewhere, in Alertmanager's own page, say. */
  silence(silence: Omit<SimulatorSilence, 'id' | 'status'>): string;
  /** Somebody ends one elsewhere. */
  expire(id: string): void;
  /** Every request gets this status until it is called with nothing. */
  failWith(status?: number): void;
  close(): Promise<void>;
}

export async function startAlertmanagerSimulator(): Promise<AlertmanagerSimulator> {
  const silences: SimulatorSilence[] = [];
  let alerts: readonly SimulatorAlert[] = [];
  const requests: string[] = [];
  let failure: number | undefined;

  const add = (silence: Omit<SimulatorSilence, 'id' | 'status'>) => {
    const id = randomUUID();
    silences.push({ ...silence, id, status: { state: 'active' } });
    return id;
  };
  const expire = (id: string) => {
    const at = silences.findIndex((silence) => silence.id === id && silence.status.state === 'active');
    const found = silences[at];
    if (found) silences[at] = { ...found, status: { state: 'expired' } };
    return found !== undefined;
  };
  const hiddenBy = (alert: SimulatorAlert) =>
    silences
      .filter(
        ({ status, matchers }) => status.state === 'active' && matchers.every((m) => alert.labels[m.name] === m.value),
      )
      .map((silence) => silence.id);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    requests.push(`${request.method} ${url.pathname}`);
    if (failure !== undefined) return send(failure, 'no');
    if (url.pathname === '/api/v2/silences' && request.method === 'GET') return send(200, silences);
    if (url.pathname === '/api/v2/silences') return send(200, { silenceID: add(JSON.parse(body)) });
    if (url.pathname === '/api/v2/alerts') {
      const isHidden = url.searchParams.get('silenced') === 'true';
      const shown = alerts
        .map((alert) => ({
          annotations: {},
          ...alert,
          silencedBy: hiddenBy(alert),
        }))
        .filter((alert) => alert.silencedBy.length > 0 === isHidden);
      return send(
        200,
        shown.map(({ silencedBy, ...alert }) => ({ ...alert, status: { silencedBy } })),
      );
    }
    const id = url.pathname.split('/silence/')[1];
    return id && expire(id) ? send(200, {}) : send(404, 'not found');
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    silences,
    requests,
    fire(...next) {
      alerts = next.map((alert) => ({ startsAt: new Date().toISOString(), ...alert }));
    },
    silence: add,
    expire,
    failWith(status) {
      failure = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
