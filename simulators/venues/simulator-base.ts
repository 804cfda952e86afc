// Turns a venue's dialect into a whole simulator: state of its contracts, its clock, its control streams, its switches.
import type { Exchange } from '../../exporter/events.ts';
import { type Connection, SimulatorServer } from './simulator-server.ts';
import type { LiquidationOrder, SimulatorContract, SimulatorOptions, VenueSimulator } from './venue-simulator.ts';

export interface Venue {
  readonly server: SimulatorServer;
  /** Milliseconds on the venue's clock. */
  now(): number;
  contracts(): readonly SimulatorContract[];
  contract(instrumentId: string): SimulatorContract | undefined;
  /** @throws Error when nothing of that name is listed: a typing error in a test must not look like silence. */
  listed(instrumentId: string): SimulatorContract;
}

/** How one venue speaks. */
export interface Dialect {
  isWebsocketPath(path: string): boolean;
  onConnection(venue: Venue, connection: Connection): void;
  onMessage(venue: Venue, connection: Connection, text: string): void;
  answer(venue: Venue, path: string, query: Readonly<Record<string, string>>): unknown;
  onSent?(connection: Connection): void;
  /** Speaks on the control streams of one connection. */
  tick(venue: Venue, connection: Connection): void;
  liquidate(venue: Venue, orders: readonly LiquidationOrder[]): number;
}

export interface Addresses {
  readonly websocketUrl: string;
  readonly restUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}

export async function startSimulator(
  exchange: Exchange,
  dialect: Dialect,
  defaults: readonly SimulatorContract[],
  addresses: (host: string) => Addresses,
  options: SimulatorOptions,
): Promise<VenueSimulator & { readonly server: SimulatorServer }> {
  const contracts = new Map((options.contracts ?? defaults).map((contract) => [contract.instrumentId, contract]));
  const server: SimulatorServer = new SimulatorServer({
    isWebsocketPath: (path) => dialect.isWebsocketPath(path),
    onConnection: (connection) => dialect.onConnection(venue, connection),
    onMessage: (connection, text) => dialect.onMessage(venue, connection, text),
    onSent: (connection) => dialect.onSent?.(connection),
    answer: (path, query) => dialect.answer(venue, path, query),
  });
  const venue: Venue = {
    server,
    now: () => Math.round(Date.now() + (options.clockOffsetMs ?? 0)),
    contracts: () => [...contracts.values()],
    contract: (instrumentId) => contracts.get(instrumentId),
    listed(instrumentId) {
      const contract = contracts.get(instrumentId);
      if (!contract) throw new Error(`the ${exchange} simulator does not list ${instrumentId}`);
      return contract;
    },
  };
  const update = (instrumentId: string, change: Partial<SimulatorContract>) =>
    contracts.set(instrumentId, { ...venue.listed(instrumentId), ...change });
  const port = await server.listen(options.port);
  const { websocketUrl, restUrl, environment } = addresses(`127.0.0.1:${port}`);
  const { controlIntervalMs = 1_000 } = options;
  const timer = controlIntervalMs > 0 ? setInterval(tick, controlIntervalMs) : undefined;
  function tick(): void {
    for (const connection of server.connections) dialect.tick(venue, connection);
  }
  return {
    exchange,
    websocketUrl,
    restUrl,
    coinMarginedRestUrl: restUrl,
    server,
    connections: server.connections,
    requests: server.requests,
    get accepted() {
      return server.accepted;
    },
    liquidate: (...orders) => dialect.liquidate(venue, orders),
    list: (contract) => contracts.set(contract.instrumentId, contract),
    setOpenInterest: (instrumentId, openInterest) => update(instrumentId, { openInterest }),
    setMarkPrice: (instrumentId, price) => update(instrumentId, { price }),
    sendRaw: (frame, isMeant) => server.broadcast(frame, isMeant),
    mute(muted = true) {
      server.isMuted = muted;
    },
    cut: (code, reason = '') => server.cut(code, reason),
    cutOldest: () => server.connections[0]?.socket.terminate(),
    refuseHandshakes: (failure) => server.refuseHandshakes(failure),
    failRest: (failure) => server.failRest(failure),
    environment: () => environment,
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}

/** Parses a client's frame; `undefined` where it is no JSON object. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

export function stringList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
