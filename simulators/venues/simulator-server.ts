// The part that all simulators share: one HTTP and websocket server on loopback, its faults, and its books. It knows no
// venue's words; those are in the file of the venue.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RestFailure, SimulatorConnection, SimulatorRequest } from './venue-simulator.ts';

export class Connection implements SimulatorConnection {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly topics = new Set<string>();
  readonly received: string[] = [];
  readonly socket: WebSocket;

  constructor(socket: WebSocket, url: URL) {
    this.socket = socket;
    this.path = url.pathname;
    this.query = url.searchParams;
  }
}

export interface ServerBehaviour {
  /** A websocket path that is served; others are answered with 404. */
  isWebsocketPath(path: string): boolean;
  onConnection(connection: Connection): void;
  onMessage(connection: Connection, text: string): void;
  /** After each frame that went out. */
  onSent?(connection: Connection): void;
  /** The answer to a REST request; `undefined` is 404. */
  answer(path: string, query: Readonly<Record<string, string>>): unknown;
}

export class SimulatorServer {
  readonly connections: Connection[] = [];
  readonly requests: SimulatorRequest[] = [];
  accepted = 0;
  isMuted = false;
  readonly #behaviour: ServerBehaviour;
  readonly #http = createServer((request, response) => this.#serve(request, response));
  readonly #websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  #refusal: RestFailure | undefined;
  #restFailure: RestFailure | undefined;

  constructor(behaviour: ServerBehaviour) {
    this.#behaviour = behaviour;
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#http.address();
    if (!address || typeof address === 'string') throw new Error('a TCP server has a port');
    return address.port;
  }

  send(connection: Connection, frame: unknown): void {
    if (this.isMuted || connection.socket.readyState !== connection.socket.OPEN) return;
    connection.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
    this.#behaviour.onSent?.(connection);
  }

  broadcast(frame: unknown, isMeant: (connection: SimulatorConnection) => boolean = () => true): void {
    for (const connection of this.connections) if (isMeant(connection)) this.send(connection, frame);
  }

  cut(code: number | undefined, reason: string): void {
    for (const { socket } of [...this.connections]) {
      if (code === undefined) socket.terminate();
      else socket.close(code, reason);
    }
  }

  refuseHandshakes(failure: RestFailure | undefined): void {
    this.#refusal = failure;
  }

  failRest(failure: RestFailure | undefined): void {
    this.#restFailure = failure;
  }

  async close(): Promise<void> {
    this.cut(undefined, '');
    this.#websockets.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const refusal = this.#refusal;
    const status = refusal?.status ?? (this.#behaviour.isWebsocketPath(url.pathname) ? undefined : 404);
    if (status !== undefined) {
      this.#refusal = oneFewer(refusal);
      const retryAfter =
        refusal?.retryAfterSeconds === undefined ? '' : `Retry-After: ${refusal.retryAfterSeconds}\r\n`;
      stream.end(`HTTP/1.1 ${status} Refused\r\n${retryAfter}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#websockets.handleUpgrade(request, stream, head, (socket) => this.#open(new Connection(socket, url)));
  }

  #open(connection: Connection): void {
    this.accepted += 1;
    this.connections.push(connection);
    connection.socket.on('error', () => {});
    connection.socket.on('close', () => {
      const index = this.connections.indexOf(connection);
      if (index >= 0) this.connections.splice(index, 1);
    });
    connection.socket.on('message', (data) => {
      const text = String(data);
      connection.received.push(text);
      this.#behaviour.onMessage(connection, text);
    });
    this.#behaviour.onConnection(connection);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const query = Object.fromEntries(url.searchParams);
    this.requests.push({ method: request.method ?? 'GET', path: url.pathname, query });
    const failure = this.#restFailure;
    if (failure && (url.pathname + url.search).includes(failure.path ?? '')) {
      this.#restFailure = oneFewer(failure);
      if (failure.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(failure.retryAfterSeconds));
      response.writeHead(failure.status, { 'Content-Type': 'application/json' }).end(failure.body ?? '{}');
      return;
    }
    const answer = this.#behaviour.answer(url.pathname, query);
    response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'not found' }));
  }
}

function oneFewer(failure: RestFailure | undefined): RestFailure | undefined {
  if (failure?.times === undefined) return failure;
  return failure.times > 1 ? { ...failure, times: failure.times - 1 } : undefined;
}
