// The venue-neutral websocket feed: the connections that a venue's protocol plans for the contracts there are, read as one.
import type { CanonicalSymbol, EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { MergedStreams } from '../../common/merged-streams.ts';
import type { Instrument, InstrumentCatalogue } from '../catalogue/instruments.ts';
import type { Feed, FeedMessage, FeedStatus } from '../feed.ts';
import { parseFrame, type Venue } from '../venues/venue.ts';
import type { ConnectionPlan, VenueProtocol } from '../venues/venue-protocol.ts';
import { Connection } from './connection.ts';

export interface WebsocketFeedOptions {
  readonly protocol: VenueProtocol;
  readonly venue: Pick<Venue, 'mapMessage' | 'parseKnownFrame'>;
  readonly catalogue: InstrumentCatalogue;
  /** Symbols whose mark prices and open interest are streamed as proof that a connection lives. */
  readonly controlSymbols: ReadonlySet<CanonicalSymbol>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: () => number;
  /** Our clock minus the venue's, milliseconds, where known. */
  readonly offsetMs: () => number | undefined;
  readonly hostOverride: string | undefined;
  /** Every symbol is watched, not only the control symbols. */
  readonly watchesAll: boolean;
  /** What is wrong with the lists of contracts, where something is. */
  readonly catalogueProblem: () => string | undefined;
}

export class WebsocketFeed implements Feed {
  readonly exchange;
  readonly feed = 'liquidations';
  readonly #options: WebsocketFeedOptions;
  readonly #connections: Connection[] = [];
  #received: MergedStreams<FeedMessage> | undefined;
  #signal: AbortSignal | undefined;

  constructor(options: WebsocketFeedOptions) {
    this.#options = options;
    this.exchange = options.protocol.exchange;
  }

  /** Connects as soon as the contracts are known; without them no message could be read. */
  async *messages(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    this.#signal = signal;
    this.#received = new MergedStreams(signal);
    this.refresh();
    yield* this.#received;
  }

  /** Looks at the catalogue again: new contracts are subscribed, and the first ones make the feed connect. */
  refresh(): void {
    const signal = this.#signal;
    if (!signal || signal.aborted) return;
    const { protocol, catalogue, controlSymbols } = this.#options;
    const present = this.#connections.map((connection) => connection.plan);
    for (const plan of protocol.plan(catalogue.list(this.exchange), controlSymbols, present)) {
      const connection = this.#connections.find((each) => each.plan.name === plan.name);
      if (connection) connection.follow(plan);
      else this.#received?.add(this.#receive(this.#connect(plan), signal));
    }
  }

  status(): FeedStatus {
    const connections = this.#connections;
    const judged = this.#judgedConnections();
    const isConnected = judged.length > 0 && judged.every((connection) => connection.isLive);
    return {
      exchange: this.exchange,
      feed: this.feed,
      connected: isConnected,
      lastMessageAt: latest(connections.map((connection) => connection.lastMessageAt)),
      connectedSince: isConnected ? latest(judged.map((connection) => connection.liveSince)) : undefined,
      reconnects: sum(connections.map((connection) => connection.reconnects)),
      messages: sum(connections.map((connection) => connection.messages)),
      coverage: {
        wanted: sum(connections.map((connection) => connection.wanted)),
        confirmed: sum(connections.map((connection) => connection.confirmed)),
      },
      cadenceSeconds: undefined,
      requestsLastHour: 0,
      lastError: this.#lastError(),
      hostOverride: this.#options.hostOverride,
      circuit: connections.some((connection) => connection.circuit === 'open') ? 'open' : 'closed',
    };
  }

  /**
   * Connected is said of the watched symbols: a connection that carries only the rest of the universe must not turn "no
   * liquidation of BTC" into "unknown". What the rest lacks shows in the coverage. With no watched symbol listed, or with
   * all of them watched, every connection counts.
   */
  #judgedConnections(): readonly Connection[] {
    const watched = this.#connections.filter(({ plan }) => this.#options.watchesAll || plan.carriesWatched);
    return watched.length > 0 ? watched : this.#connections;
  }

  #connect(plan: ConnectionPlan): Connection {
    const { protocol, clock, random, offsetMs, venue, catalogue, logger } = this.#options;
    const instrument = (instrumentId: string): Instrument | undefined => catalogue.get(this.exchange, instrumentId);
    const connection = new Connection({
      ...{ protocol, plan, clock, logger, offsetMs },
      ...(random ? { random } : {}),
      parse: (text) => parseFrame(venue, text),
      map: (message, receiveTime) => venue.mapMessage(message, { receiveTime, instrument }),
    });
    this.#connections.push(connection);
    return connection;
  }

  async *#receive(connection: Connection, signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const { exchange, feed } = this;
    for await (const { message, receiveTime } of connection.received(signal)) {
      yield { exchange, feed, message, receiveTime };
    }
  }

  #lastError(): string | undefined {
    if (this.#connections.length === 0) {
      return `waiting for the contracts: ${this.#options.catalogueProblem() ?? 'not answered yet'}`;
    }
    const failing = this.#connections.find((connection) => !connection.isLive && connection.lastError !== undefined);
    const connection = failing ?? this.#connections.find(({ lastError }) => lastError !== undefined);
    return connection?.lastError ?? this.#options.catalogueProblem();
  }
}

function latest(times: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  return times.reduce(
    (best, time) => (time !== undefined && (best === undefined || time > best) ? time : best),
    undefined,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
