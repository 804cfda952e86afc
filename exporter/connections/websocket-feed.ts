// The venue-neutral websocket feed: the routes that a venue's protocol plans for the contracts there are, seen as one.
import type { CanonicalSymbol, EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { Instrument, InstrumentCatalogue } from '../catalogue/instruments.ts';
import type { Feed, FeedOutput, FeedStatus } from '../feed.ts';
import type { VenueMapper } from '../venues/mapping/mapper.ts';
import type { VenueProtocol } from '../venues/venue-protocol.ts';
import { Route } from './route.ts';

export interface WebsocketFeedOptions {
  readonly protocol: VenueProtocol;
  readonly mapper: VenueMapper;
  readonly catalogue: InstrumentCatalogue;
  /** Symbols whose mark prices and open interest are streamed as proof that a route lives. */
  readonly controlSymbols: ReadonlySet<CanonicalSymbol>;
  readonly output: FeedOutput;
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
  readonly #routes: Route[] = [];
  readonly #running: Promise<void>[] = [];
  #signal: AbortSignal | undefined;
  #stopped = Promise.withResolvers<void>();

  constructor(options: WebsocketFeedOptions) {
    this.#options = options;
    this.exchange = options.protocol.exchange;
  }

  /** Connects as soon as the contracts are known; without them no message could be read. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    if (signal.aborted) return;
    signal.addEventListener('abort', () => this.#stopped.resolve(), { once: true });
    this.refresh();
    await this.#stopped.promise;
    await Promise.all(this.#running);
  }

  /** Looks at the catalogue again: new contracts are subscribed, and the first ones make the feed connect. */
  refresh(): void {
    const signal = this.#signal;
    if (!signal || signal.aborted) return;
    const { protocol, catalogue, controlSymbols } = this.#options;
    const present = this.#routes.map((route) => route.plan);
    for (const plan of protocol.plan(catalogue.list(this.exchange), controlSymbols, present)) {
      const route = this.#routes.find((each) => each.plan.name === plan.name);
      if (route) route.follow(plan);
      else this.#start(this.#routeOf(plan), signal);
    }
  }

  status(): FeedStatus {
    const routes = this.#routes;
    const judged = this.#judgedRoutes();
    const isConnected = judged.length > 0 && judged.every((route) => route.isLive);
    return {
      exchange: this.exchange,
      feed: this.feed,
      connected: isConnected,
      lastMessageAt: latest(routes.map((route) => route.lastMessageAt)),
      connectedSince: isConnected ? latest(judged.map((route) => route.liveSince)) : undefined,
      reconnects: sum(routes.map((route) => route.reconnects)),
      messages: sum(routes.map((route) => route.messages)),
      coverage: {
        wanted: sum(routes.map((route) => route.wanted)),
        confirmed: sum(routes.map((route) => route.confirmed)),
      },
      cadenceSeconds: undefined,
      requestsLastHour: 0,
      lastError: this.#lastError(),
      hostOverride: this.#options.hostOverride,
      circuit: routes.some((route) => route.circuit === 'open') ? 'open' : 'closed',
    };
  }

  /**
   * Connected is said of the watched symbols: a route that carries only the rest of the universe must not turn "no
   * liquidation of BTC" into "unknown". What the rest lacks shows in the coverage. With no watched symbol listed, or with
   * all of them watched, every route counts.
   */
  #judgedRoutes(): readonly Route[] {
    const watched = this.#routes.filter(({ plan }) => this.#options.watchesAll || plan.carriesWatched);
    return watched.length > 0 ? watched : this.#routes;
  }

  #routeOf(plan: Route['plan']): Route {
    const { protocol, clock, random, offsetMs, mapper, catalogue, output, logger } = this.#options;
    const instrument = (instrumentId: string): Instrument | undefined => catalogue.get(this.exchange, instrumentId);
    return new Route({
      protocol,
      plan,
      clock,
      offsetMs,
      ...(random ? { random } : {}),
      map: (message, receiveTime) => mapper.mapMessage(message, { receiveTime, instrument }),
      onMessage: (message, receiveTime) => output.onMessage(this.exchange, this.feed, message, receiveTime),
      onReject: (reject) => output.onReject(this.exchange, this.feed, reject),
      onLost: (route, reason, delayMs) =>
        logger.warn({ exchange: this.exchange, route, reason, delayMs: Math.round(delayMs) }, 'connection lost'),
    });
  }

  #start(route: Route, signal: AbortSignal): void {
    this.#routes.push(route);
    this.#running.push(route.run(signal));
  }

  #lastError(): string | undefined {
    if (this.#routes.length === 0) {
      return `waiting for the contracts: ${this.#options.catalogueProblem() ?? 'not answered yet'}`;
    }
    const failing = this.#routes.find((route) => !route.isLive && route.lastError !== undefined);
    const route = failing ?? this.#routes.find(({ lastError }) => lastError !== undefined);
    return route?.lastError ?? this.#options.catalogueProblem();
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
