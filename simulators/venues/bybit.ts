// Bybit v5: one liquidation topic per contract, batches that fail whole, application pings, open interest counted twice
// unless one reads the single fields.
import { BYBIT_CONTRACTS, contractsOf, decimal } from './contracts.ts';
import { type Dialect, parseObject, startSimulator, stringList, type Venue } from './simulator-base.ts';
import type { Connection } from './simulator-server.ts';
import type { LiquidationOrder, SimulatorContract, SimulatorOptions, VenueSimulator } from './venue-simulator.ts';

export interface BybitOptions extends SimulatorOptions {
  /** Contracts per page of instruments-info. */
  readonly pageSize?: number;
}

const MAX_ARGS_CHARACTERS = 21_000;

function marginOf(path: string): SimulatorContract['margin'] {
  return path.endsWith('/inverse') ? 'inverse' : 'linear';
}

/** Why a batch is refused; `undefined` when every topic of it is fine. */
function refusalOf(venue: Venue, connection: Connection, topics: readonly string[]): string | undefined {
  for (const topic of topics) {
    if (connection.topics.has(topic)) return `error:already subscribed,topic:${topic}`;
    const [channel, instrumentId] = topic.split('.');
    const isKnown = channel === 'allLiquidation' || channel === 'tickers';
    const contract = venue.contract(instrumentId ?? '');
    if (!isKnown || contract?.margin !== marginOf(connection.path)) return `error:handler not found,topic:${topic}`;
  }
  const characters = JSON.stringify([...connection.topics, ...topics]).length;
  return characters > MAX_ARGS_CHARACTERS
    ? `error:args length ${characters} exceeds ${MAX_ARGS_CHARACTERS}`
    : undefined;
}

function ticker(contract: SimulatorContract): Readonly<Record<string, string>> {
  const { instrumentId, price, openInterest, margin } = contract;
  const value = margin === 'linear' ? openInterest * price : openInterest / price;
  return {
    symbol: instrumentId,
    lastPrice: decimal(price),
    markPrice: decimal(price),
    indexPrice: decimal(price),
    // Both sides, as the venue has always sent it under this name.
    openInterest: decimal(openInterest * 2),
    openInterestValue: decimal(value * 2),
    singleOpenInterest: decimal(openInterest),
    singleOpenInterestValue: decimal(value),
    fundingRate: '0.0001',
  };
}

function dialectOf(pageSize: number): Dialect {
  return {
    isWebsocketPath: (path) => path === '/v5/public/linear' || path === '/v5/public/inverse',
    onConnection() {},
    onMessage(venue, connection, text) {
      const request = parseObject(text);
      const op = request?.op;
      const reply = { conn_id: 'simulator', req_id: request?.req_id ?? '', op };
      if (op === 'ping') venue.server.send(connection, { success: true, ret_msg: 'pong', ...reply });
      if (op !== 'subscribe') return;
      const topics = stringList(request?.args);
      const refusal = refusalOf(venue, connection, topics);
      if (refusal !== undefined) {
        venue.server.send(connection, { success: false, ret_msg: refusal, ...reply });
        return;
      }
      for (const topic of topics) connection.topics.add(topic);
      venue.server.send(connection, { success: true, ret_msg: '', ...reply });
      for (const topic of topics) if (topic.startsWith('tickers.')) sendTicker(venue, connection, topic, 'snapshot');
    },
    tick(venue, connection) {
      for (const topic of connection.topics) {
        if (topic.startsWith('tickers.')) sendTicker(venue, connection, topic, 'delta');
      }
    },
    liquidate(venue, orders) {
      let frames = 0;
      for (const [instrumentId, group] of Map.groupBy(orders, (order) => order.instrumentId)) {
        const topic = `allLiquidation.${instrumentId}`;
        const data = group.map((order) => entry(venue, order));
        const { margin } = venue.listed(instrumentId);
        for (const connection of venue.server.connections) {
          if (marginOf(connection.path) !== margin || !connection.topics.has(topic)) continue;
          venue.server.send(connection, { topic, type: 'snapshot', ts: venue.now(), data });
          frames += 1;
        }
      }
      return frames;
    },
    answer(venue, path, query) {
      const contracts = venue.contracts().filter(({ margin }) => margin === query.category);
      if (path === '/v5/market/tickers') return wrap(venue, { category: query.category, list: contracts.map(ticker) });
      if (path !== '/v5/market/instruments-info') return undefined;
      const start = Number(query.cursor || 0);
      const limit = Math.min(pageSize, Number(query.limit ?? 500));
      const end = start + limit;
      return wrap(venue, {
        category: query.category,
        list: contracts.slice(start, end).map(listing),
        nextPageCursor: end < contracts.length ? String(end) : '',
      });
    },
  };
}

/** A delta leaves out what has not changed: here all but the price (trap 12). */
function sendTicker(venue: Venue, connection: Connection, topic: string, type: 'snapshot' | 'delta'): void {
  const contract = venue.contract(topic.slice('tickers.'.length));
  if (!contract) return;
  const whole = ticker(contract);
  const data = type === 'snapshot' ? whole : { symbol: whole.symbol, markPrice: whole.markPrice };
  venue.server.send(connection, { topic, type, data, cs: 1, ts: venue.now() });
}

function entry(venue: Venue, order: LiquidationOrder): unknown {
  return {
    T: order.eventTime ?? venue.now(),
    s: order.instrumentId,
    // The side of the position, not of the order.
    S: order.side === 'long' ? 'Buy' : 'Sell',
    v: decimal(contractsOf(order, venue.listed(order.instrumentId))),
    p: decimal(order.price),
  };
}

function wrap(venue: Venue, result: unknown): unknown {
  return { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: venue.now() };
}

function listing({ instrumentId, base, quote, margin, isPerpetual = true }: SimulatorContract): unknown {
  const kind = isPerpetual ? 'Perpetual' : 'Futures';
  return {
    symbol: instrumentId,
    contractType: `${margin === 'linear' ? 'Linear' : 'Inverse'}${kind}`,
    status: 'Trading',
    baseCoin: base,
    quoteCoin: quote,
    settleCoin: margin === 'linear' ? quote : base,
  };
}

export async function startBybitSimulator(options: BybitOptions = {}): Promise<VenueSimulator> {
  return startSimulator('bybit', dialectOf(options.pageSize ?? 1_000), BYBIT_CONTRACTS, addressesAt, options);
}

function addressesAt(host: string) {
  const websocketUrl = `ws://${host}/v5/public`;
  const restUrl = `http://${host}`;
  return { websocketUrl, restUrl, environment: { BYBIT_WS_URL: websocketUrl, BYBIT_REST_URL: restUrl } };
}
