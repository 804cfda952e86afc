// Binance as it behaves since April 2026: routed paths, one merged liquidation stream for both products, a legacy path
// that connects, acknowledges and stays silent, 24-hour connections, no bulk open interest.
import { BINANCE_CONTRACTS, contractsOf, decimal } from './contracts.ts';
import { type Dialect, parseObject, startSimulator, stringList, type Venue } from './simulator-base.ts';
import type { Connection } from './simulator-server.ts';
import type { LiquidationOrder, SimulatorContract, SimulatorOptions, VenueSimulator } from './venue-simulator.ts';

export interface BinanceSimulator extends VenueSimulator {
  /** Connects and acknowledges, and never pushes a liquidation (trap 1). */
  readonly legacyWebsocketUrl: string;
  /** A websocket ping frame to all, as the venue sends every three minutes; returns the pongs that came within a second. */
  ping(): Promise<number>;
}

const FORCE_ORDERS = '!forceOrder@arr';
const ROUTED = '/market/';

/** Names on the wire: `/ws/` pushes bare objects, `/stream` wraps them. */
function push(venue: Venue, connection: Connection, stream: string, data: unknown): boolean {
  if (!connection.path.startsWith(ROUTED) || !connection.topics.has(stream)) return false;
  venue.server.send(connection, connection.path.endsWith('/stream') ? { stream, data } : data);
  return true;
}

function forceOrder(venue: Venue, order: LiquidationOrder): unknown {
  const contract = venue.listed(order.instrumentId);
  const quantity = decimal(contractsOf(order, contract));
  const time = order.eventTime ?? venue.now();
  const isLong = order.side === 'long';
  return {
    e: 'forceOrder',
    E: Math.max(time, venue.now()),
    o: {
      s: order.instrumentId,
      // The order that closes a long is a sale.
      S: isLong ? 'SELL' : 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q: quantity,
      // The limit stands well off the fill, and the last fill is a part: readers of the wrong fields are found out.
      p: decimal(order.price * (isLong ? 0.9 : 1.1)),
      ap: decimal(order.price),
      X: 'FILLED',
      l: decimal(contractsOf(order, contract) / 4),
      z: quantity,
      T: time,
      ps: contract.margin === 'linear' ? order.instrumentId : `${contract.base}USD`,
      st: contract.margin === 'linear' ? 1 : 2,
    },
  };
}

const dialect: Dialect = {
  isWebsocketPath: (path) => /^\/(market\/)?(stream|ws(\/.*)?)$/.test(path),
  onConnection(_venue, connection) {
    const inPath = /\/ws\/(.+)$/.exec(connection.path)?.[1];
    const named = connection.query.get('streams') ?? (inPath === undefined ? '' : decodeURIComponent(inPath));
    for (const stream of named.split('/')) if (stream) connection.topics.add(stream);
  },
  onMessage(venue, connection, text) {
    const request = parseObject(text);
    if (!request) return;
    const { method, id } = request;
    const params = stringList(request.params);
    if (method === 'SUBSCRIBE') for (const stream of params) connection.topics.add(stream);
    if (method === 'UNSUBSCRIBE') for (const stream of params) connection.topics.delete(stream);
    const result = method === 'LIST_SUBSCRIPTIONS' ? [...connection.topics] : null;
    venue.server.send(connection, { result, id });
  },
  tick(venue, connection) {
    for (const stream of connection.topics) {
      const [name, channel] = stream.split('@');
      const contract = channel === 'markPrice' ? venue.contract((name ?? '').toUpperCase()) : undefined;
      if (contract) push(venue, connection, stream, markPriceUpdate(venue, contract));
    }
  },
  liquidate(venue, orders) {
    let frames = 0;
    for (const order of orders) {
      const frame = forceOrder(venue, order);
      for (const connection of venue.server.connections) {
        if (push(venue, connection, FORCE_ORDERS, frame)) frames += 1;
      }
    }
    return frames;
  },
  answer(venue, path, query) {
    const [, product, , resource] = path.split('/');
    if ((product !== 'fapi' && product !== 'dapi') || resource === undefined) return undefined;
    const margin = product === 'fapi' ? 'linear' : 'inverse';
    const contracts = venue.contracts().filter((contract) => contract.margin === margin);
    if (resource === 'exchangeInfo')
      return { timezone: 'UTC', serverTime: venue.now(), symbols: contracts.map(listing) };
    if (resource === 'premiumIndex') return contracts.map((contract) => premium(venue, contract));
    if (resource !== 'openInterest') return undefined;
    const contract = contracts.find(({ instrumentId }) => instrumentId === query.symbol);
    if (!contract) return { code: -1121, msg: 'Invalid symbol.' };
    const openInterest = decimal(contract.openInterest);
    const time = venue.now();
    if (margin === 'linear') return { openInterest, symbol: contract.instrumentId, time };
    return { symbol: contract.instrumentId, pair: pairOf(contract), openInterest, contractType: 'PERPETUAL', time };
  },
};

function pairOf({ base, quote }: SimulatorContract): string {
  return `${base}${quote}`;
}

function markPriceUpdate(venue: Venue, contract: SimulatorContract): unknown {
  const price = decimal(contract.price);
  const now = venue.now();
  return { e: 'markPriceUpdate', E: now, s: contract.instrumentId, p: price, i: price, P: price, r: '0.0001', T: now };
}

function premium(venue: Venue, contract: SimulatorContract): unknown {
  const price = decimal(contract.price);
  return {
    symbol: contract.instrumentId,
    pair: pairOf(contract),
    markPrice: price,
    indexPrice: price,
    lastFundingRate: '0.0001',
    nextFundingTime: venue.now(),
    time: venue.now(),
  };
}

function listing(contract: SimulatorContract): unknown {
  const isPerpetual = contract.isPerpetual !== false;
  return {
    symbol: contract.instrumentId,
    pair: pairOf(contract),
    contractType: isPerpetual ? 'PERPETUAL' : 'CURRENT_QUARTER',
    baseAsset: contract.base,
    quoteAsset: contract.quote,
    marginAsset: contract.margin === 'linear' ? contract.quote : contract.base,
    underlyingType: 'COIN',
    ...(contract.margin === 'linear'
      ? { status: 'TRADING' }
      : { contractStatus: 'TRADING', contractSize: contract.contractValue }),
  };
}

export async function startBinanceSimulator(options: SimulatorOptions = {}): Promise<BinanceSimulator> {
  const simulator = await startSimulator('binance', dialect, BINANCE_CONTRACTS, addressesAt, options);
  return Object.defineProperties(simulator, {
    legacyWebsocketUrl: { value: simulator.websocketUrl.replace(/\/market$/, '') },
    ping: { value: () => pingAll(simulator.server.connections) },
  }) as typeof simulator & BinanceSimulator;
}

function addressesAt(host: string) {
  const websocketUrl = `ws://${host}/market`;
  const restUrl = `http://${host}`;
  return {
    websocketUrl,
    restUrl,
    environment: { BINANCE_WS_URL: websocketUrl, BINANCE_REST_URL: restUrl, BINANCE_COINM_REST_URL: restUrl },
  };
}

async function pingAll(connections: readonly Connection[]): Promise<number> {
  const pongs = connections.map(
    ({ socket }) =>
      new Promise<number>((resolve) => {
        const late = setTimeout(() => resolve(0), 1_000);
        socket.once('pong', () => {
          clearTimeout(late);
          resolve(1);
        });
        socket.ping('simulator');
      }),
  );
  return (await Promise.all(pongs)).reduce((sum, pong) => sum + pong, 0);
}
