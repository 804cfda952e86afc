// OKX v5: one frame for several instruments with several details each, out of order and perhaps replayed on subscribing;
// text pings, the close 4004 after silence, the notice 64008 before an upgrade.
import { contractsOf, decimal, OKX_CONTRACTS } from './contracts.ts';
import { type Dialect, parseObject, startSimulator, type Venue } from './simulator-base.ts';
import type { Connection } from './simulator-server.ts';
import type { LiquidationOrder, SimulatorContract, SimulatorOptions, VenueSimulator } from './venue-simulator.ts';

export interface OkxOptions extends SimulatorOptions {
  /** Without a frame either way for this long the venue closes with 4004. */
  readonly idleMs?: number;
  /** Sent again to everyone who subscribes to the liquidations (trap 9). */
  readonly replayOnSubscribe?: () => readonly LiquidationOrder[];
  /** Sends `posSide: "net"`, as one-way accounts have it, so that only the order side tells (trap 8). */
  readonly netPositions?: boolean;
}

export interface OkxSimulator extends VenueSimulator {
  /** The notice that comes a minute before a service upgrade. */
  announceUpgrade(): void;
}

interface Arg {
  readonly channel: string;
  readonly instType?: string;
  readonly instId?: string;
}

function typeOf({ isPerpetual = true }: SimulatorContract): string {
  return isPerpetual ? 'SWAP' : 'FUTURES';
}

function argsOf(value: unknown): readonly Arg[] {
  return Array.isArray(value) ? value.filter((arg) => typeof arg?.channel === 'string') : [];
}

function isKnown(venue: Venue, { channel, instType, instId }: Arg): boolean {
  if (channel === 'liquidation-orders') return instType === 'SWAP' || instType === 'FUTURES';
  return (channel === 'mark-price' || channel === 'open-interest') && venue.contract(instId ?? '') !== undefined;
}

function topicOf({ channel, instType, instId }: Arg): string {
  return `${channel}:${instId ?? instType}`;
}

function liquidationFrame(
  venue: Venue,
  instType: string,
  orders: readonly LiquidationOrder[],
  isNet: boolean,
): unknown {
  const data = [...Map.groupBy(orders, (order) => order.instrumentId)].map(([instId, group]) => ({
    details: group.map((order) => ({
      bkLoss: '0',
      bkPx: decimal(order.price),
      ccy: '',
      posSide: isNet ? 'net' : order.side,
      side: order.side === 'long' ? 'sell' : 'buy',
      sz: decimal(contractsOf(order, venue.listed(instId))),
      ts: String(order.eventTime ?? venue.now()),
    })),
    instFamily: familyOf(venue.listed(instId)),
    instId,
    instType,
    uly: familyOf(venue.listed(instId)),
  }));
  return { arg: { channel: 'liquidation-orders', instType }, data };
}

function familyOf({ base, quote }: SimulatorContract): string {
  return `${base}-${quote}`;
}

function openInterestRow(venue: Venue, contract: SimulatorContract): unknown {
  const { instrumentId, openInterest, contractValue, price, margin } = contract;
  const usdValue = openInterest * contractValue * (margin === 'linear' ? price : 1);
  return {
    instId: instrumentId,
    instType: typeOf(contract),
    oi: decimal(openInterest),
    oiCcy: decimal(usdValue / price),
    oiUsd: decimal(usdValue),
    ts: String(venue.now()),
  };
}

function markPriceRow(venue: Venue, contract: SimulatorContract): unknown {
  const { instrumentId, price } = contract;
  return { instId: instrumentId, instType: typeOf(contract), markPx: decimal(price), ts: String(venue.now()) };
}

function speak(venue: Venue, connection: Connection, topic: string): void {
  const [channel, instId = ''] = topic.split(':');
  const contract = venue.contract(instId);
  if (!contract || !channel) return;
  if (channel === 'mark-price' || channel === 'open-interest') {
    const row = channel === 'mark-price' ? markPriceRow(venue, contract) : openInterestRow(venue, contract);
    venue.server.send(connection, { arg: { channel, instId }, data: [row] });
  }
}

function dialectOf({ replayOnSubscribe, netPositions = false, idleMs = 30_000 }: OkxOptions): Dialect {
  const idle = new WeakMap<Connection, NodeJS.Timeout>();
  const watchIdle = (connection: Connection) => {
    clearTimeout(idle.get(connection));
    const timer = setTimeout(() => connection.socket.close(4004, 'No data received in 30s.'), idleMs);
    idle.set(connection, timer.unref());
  };
  const liquidate = (venue: Venue, connections: readonly Connection[], orders: readonly LiquidationOrder[]) => {
    let frames = 0;
    for (const [instType, group] of Map.groupBy(orders, (order) => typeOf(venue.listed(order.instrumentId)))) {
      const frame = liquidationFrame(venue, instType, group, netPositions);
      for (const connection of connections) {
        if (!connection.topics.has(`liquidation-orders:${instType}`)) continue;
        venue.server.send(connection, frame);
        frames += 1;
      }
    }
    return frames;
  };
  return {
    isWebsocketPath: (path) => path === '/ws/v5/public',
    onConnection: (_venue, connection) => watchIdle(connection),
    onSent: (connection) => watchIdle(connection),
    onMessage(venue, connection, text) {
      watchIdle(connection);
      if (text === 'ping') return venue.server.send(connection, 'pong');
      const request = parseObject(text);
      if (request?.op !== 'subscribe') return;
      const id = request.id === undefined ? {} : { id: request.id };
      for (const arg of argsOf(request.args)) {
        if (!isKnown(venue, arg)) {
          const msg = `Wrong URL or channel:${arg.channel},instId:${arg.instId} doesn't exist.`;
          venue.server.send(connection, { ...id, event: 'error', code: '60018', msg, connId: 'a4d3ae55' });
          continue;
        }
        connection.topics.add(topicOf(arg));
        venue.server.send(connection, { ...id, event: 'subscribe', arg, connId: 'a4d3ae55' });
        if (arg.channel === 'liquidation-orders') {
          const replayed = replayOnSubscribe?.() ?? [];
          const ofType = replayed.filter((order) => typeOf(venue.listed(order.instrumentId)) === arg.instType);
          liquidate(venue, [connection], ofType);
        } else speak(venue, connection, topicOf(arg));
      }
    },
    tick(venue, connection) {
      for (const topic of connection.topics) speak(venue, connection, topic);
    },
    liquidate: (venue, orders) => liquidate(venue, venue.server.connections, orders),
    answer(venue, path, query) {
      const contracts = venue.contracts().filter((contract) => typeOf(contract) === query.instType);
      const rows = (row: (venue: Venue, contract: SimulatorContract) => unknown) => ({
        code: '0',
        data: contracts.map((contract) => row(venue, contract)),
        msg: '',
      });
      if (path === '/api/v5/public/instruments') return rows(listing);
      if (path === '/api/v5/public/open-interest') return rows(openInterestRow);
      return path === '/api/v5/public/mark-price' ? rows(markPriceRow) : undefined;
    },
  };
}

function listing(_venue: Venue, contract: SimulatorContract): unknown {
  const { instrumentId, base, quote, margin, contractValue } = contract;
  return {
    instId: instrumentId,
    instType: typeOf(contract),
    instFamily: familyOf(contract),
    uly: familyOf(contract),
    baseCcy: '',
    quoteCcy: '',
    settleCcy: margin === 'linear' ? quote : base,
    ctVal: decimal(contractValue),
    ctMult: '1',
    ctValCcy: margin === 'linear' ? base : 'USD',
    ctType: margin,
    instCategory: '1',
    state: 'live',
  };
}

export async function startOkxSimulator(options: OkxOptions = {}): Promise<OkxSimulator> {
  const simulator = await startSimulator('okx', dialectOf(options), OKX_CONTRACTS, addressesAt, options);
  return Object.defineProperties(simulator, {
    announceUpgrade: {
      value: () =>
        simulator.server.broadcast({
          event: 'notice',
          code: '64008',
          msg: 'The connection will soon be closed for a service upgrade. Please reconnect.',
          connId: 'a4d3ae55',
        }),
    },
  }) as typeof simulator & OkxSimulator;
}

function addressesAt(host: string) {
  const websocketUrl = `ws://${host}/ws/v5/public`;
  const restUrl = `http://${host}`;
  return { websocketUrl, restUrl, environment: { OKX_WS_URL: websocketUrl, OKX_REST_URL: restUrl } };
}
