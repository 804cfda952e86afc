// Stands in for the existing market-data service: its answers, a service time, and a record of every request it was asked.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerOf, type SimulatorAnswer } from './answers.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface ExistingSystemOptions {
  /** How long each answer takes, milliseconds. */
  readonly serviceMs?: number;
  /** 0 takes any free port. */
  readonly port?: number;
}

export interface ExistingSystem {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** From now on every answer takes this long. */
  setServiceMs(milliseconds: number): void;
  /** Answers of this path are changed from now on; `undefined` leaves them as they were. */
  setAnswer(path: string, change: ((answer: SimulatorAnswer) => SimulatorAnswer) | undefined): void;
  close(): Promise<void>;
}

export async function startExistingSystem({
  serviceMs = 50,
  port = 0,
}: ExistingSystemOptions = {}): Promise<ExistingSystem> {
  const requests: RecordedRequest[] = [];
  const changes = new Map<string, (answer: SimulatorAnswer) => SimulatorAnswer>();
  let currentMs = serviceMs;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const path = new URL(url, 'http://simulator').pathname;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({ method, path, body });
    await delay(currentMs);
    const plain = answerOf(method, path, parse(body));
    const answer = changes.get(path)?.(plain) ?? plain;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  }

  // A client that goes away while it is being answered is no fault of this service.
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    requests,
    setServiceMs(milliseconds) {
      currentMs = milliseconds;
    },
    setAnswer(path, change) {
      if (change) changes.set(path, change);
      else changes.delete(path);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
