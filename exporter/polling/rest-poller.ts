// Open interest by REST, in rounds whose calls are spread over the cadence, within a hard hourly budget; and mark prices on
// a cadence of their own, so that coins have a price also where the stream brings none.

import { backoffDelayMs } from '../../common/backoff.ts';
import type { CanonicalSymbol, EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { MergedStreams } from '../../common/merged-streams.ts';
import type { InstrumentCatalogue } from '../catalogue/instruments.ts';
import type { Feed, FeedMessage, FeedStatus } from '../feed.ts';
import type { RestClient } from '../requests/rest-client.ts';
import type { RestCall, Venue, VenueRest, VenueUrls } from '../venues/venue.ts';
import { type Coverage, coverOpenInterest } from './open-interest-coverage.ts';
import { type Cadence, planCadence, usableRequests } from './poll-cadence.ts';
import { RequestBudget } from './request-budget.ts';

export interface RestPollerOptions {
  readonly venue: Venue;
  readonly catalogue: InstrumentCatalogue;
  readonly urls: VenueUrls;
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  readonly pollSeconds: number | 'auto';
  readonly requestsPerHour: number;
  readonly client: RestClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Lists of contracts that have not come yet: without them open interest would be a partial sum. */
  readonly missingLists: () => readonly string[];
  /** The venue's stream brings the mark prices of the watched symbols. */
  readonly isStreamLive: () => boolean;
}

const MARK_PRICE_MS = 15_000;
/** Until the contracts are known. */
const CATALOGUE_WAIT_MS = 500;
/** Between the calls of the first round: a figure soon, but no burst. */
const FIRST_ROUND_STEP_MS = 200;
const RETRY = { baseMs: 5_000, capMs: 60_000, jitterRatio: 0.2 } as const;
const RETRIES = 3;

export class RestPoller implements Feed {
  readonly exchange;
  readonly feed = 'open_interest';
  readonly #options: RestPollerOptions;
  readonly #budget: RequestBudget;
  readonly #rest: VenueRest;
  #coverage: Coverage = { contracts: [], wanted: 0 };
  #cadence: Cadence | undefined;
  #isRoundWhole = false;
  #wholeSince: EpochMs | undefined;
  #lastRoundAtMs: number | undefined;
  #cadenceSeconds: number | undefined;
  #lastMessageAt: EpochMs | undefined;
  #lastFailure: string | undefined;
  /** The venue has asked to be left alone until then, monotonic milliseconds. */
  #pausedUntilMs = 0;
  #messages = 0;
  #reconnects = 0;

  constructor(options: RestPollerOptions) {
    this.#options = options;
    this.exchange = options.venue.name;
    this.#rest = options.venue.rest(options.urls);
    this.#budget = new RequestBudget(usableRequests(options.requestsPerHour));
  }

  async *messages(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const polls = new MergedStreams<FeedMessage>();
    polls.add(this.#pollOpenInterest(signal));
    polls.add(this.#pollMarkPrices(signal));
    yield* polls;
  }

  status(): FeedStatus {
    return {
      exchange: this.exchange,
      feed: this.feed,
      connected: this.#isRoundWhole,
      lastMessageAt: this.#lastMessageAt,
      connectedSince: this.#isRoundWhole ? this.#wholeSince : undefined,
      reconnects: this.#reconnects,
      messages: this.#messages,
      coverage: {
        wanted: this.#coverage.wanted,
        confirmed: this.#isRoundWhole ? this.#coverage.contracts.length : 0,
      },
      cadenceSeconds: this.#cadenceSeconds,
      requestsLastHour: this.#budget.used(this.#options.clock.monotonicMs()),
      lastError: this.#complaint(),
      hostOverride: this.#options.urls.overrides.join(' ') || undefined,
      circuit: 'closed',
    };
  }

  #complaint(): string | undefined {
    const { contracts, wanted } = this.#coverage;
    const parts = [this.#lastFailure, this.#cadence?.complaint];
    if (contracts.length < wanted) {
      const limit = `OI_REQUESTS_PER_HOUR=${this.#options.requestsPerHour}`;
      parts.push(`open interest of ${contracts.length} of ${wanted} contracts: ${limit} allows no more`);
    }
    return parts.filter((part) => part !== undefined).join('; ') || undefined;
  }

  async *#pollOpenInterest(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const { clock, venue, catalogue, missingLists, requestsPerHour, symbols, pollSeconds } = this.#options;
    for (let round = 0; !signal.aborted; ) {
      const coverage = coverOpenInterest(venue, catalogue.list(this.exchange), { symbols, requestsPerHour });
      const calls = this.#rest.openInterest(coverage.contracts);
      const missing = missingLists();
      if (coverage.contracts.length === 0 || missing.length > 0) {
        this.#lastFailure = `waiting for the list of contracts${missing.length > 0 ? `: ${missing.join(', ')}` : ''}`;
        await this.#sleep(CATALOGUE_WAIT_MS, signal);
        continue;
      }
      this.#coverage = coverage;
      this.#cadence = planCadence(calls.length, pollSeconds, requestsPerHour);
      const roundMs = this.#cadence.seconds * 1_000;
      const stepMs = round === 0 ? Math.min(FIRST_ROUND_STEP_MS, roundMs / calls.length) : roundMs / calls.length;
      const startedMs = clock.monotonicMs();
      const succeeded: boolean[] = [];
      for (const [index, call] of calls.entries()) {
        await this.#sleep(startedMs + index * stepMs - clock.monotonicMs(), signal);
        succeeded.push(yield* this.#callWithRetries(call, signal));
        if (signal.aborted) return;
      }
      this.#noteRound(succeeded.every(Boolean));
      round += 1;
      await this.#sleep(startedMs + roundMs - clock.monotonicMs(), signal);
    }
  }

  /** @returns whether an answer held anything */
  async *#callWithRetries(call: RestCall, signal: AbortSignal): AsyncGenerator<FeedMessage, boolean> {
    const { clock } = this.#options;
    for (let attempt = 0; attempt <= RETRIES && !signal.aborted; attempt += 1) {
      if (attempt > 0) await this.#sleep(backoffDelayMs(attempt - 1, RETRY), signal);
      await this.#sleep(this.#pausedUntilMs - clock.monotonicMs(), signal);
      await this.#sleep(this.#budget.waitMs(clock.monotonicMs()), signal);
      if (signal.aborted || !this.#budget.take(clock.monotonicMs())) return false;
      if (yield* this.#call(call, signal)) {
        this.#lastFailure = undefined;
        this.#messages += 1;
        this.#lastMessageAt = clock.now();
        return true;
      }
      this.#isRoundWhole = false;
    }
    return false;
  }

  /** Apart from the budget: `OI_REQUESTS_PER_HOUR` is for open interest. */
  async *#pollMarkPrices(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const { clock, venue, catalogue, symbols, isStreamLive } = this.#options;
    while (!signal.aborted) {
      const isKnown = catalogue.list(this.exchange).length > 0;
      const isNeeded = !venue.streamsMarkPrices || symbols === undefined || !isStreamLive();
      if (isKnown && isNeeded && clock.monotonicMs() >= this.#pausedUntilMs) {
        for (const call of this.#rest.markPrices) yield* this.#call(call, signal);
      }
      await this.#sleep(isKnown ? MARK_PRICE_MS : CATALOGUE_WAIT_MS, signal);
    }
  }

  /** @returns whether the answer held anything */
  async *#call({ url, map }: RestCall, signal: AbortSignal): AsyncGenerator<FeedMessage, boolean> {
    const { client, clock, catalogue } = this.#options;
    const answer = await client.fetchJson(url, signal);
    if (signal.aborted) return false;
    if (answer.type === 'failed') {
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, clock.monotonicMs() + answer.waitMs);
      this.#fail(url, answer.text);
      return false;
    }
    const receiveTime = clock.now();
    const instrument = (instrumentId: string) => catalogue.get(this.exchange, instrumentId);
    const message = map(answer.body, { receiveTime, instrument });
    yield { exchange: this.exchange, feed: this.feed, message, receiveTime };
    if (message.events.length === 0) {
      this.#fail(url, message.rejects[0]?.detail ?? 'an empty answer');
      return false;
    }
    return true;
  }

  #fail(url: string, text: string): void {
    const failure = `${new URL(url).pathname}: ${text}`;
    // The log tells of changes, not of every retry.
    if (failure !== this.#lastFailure)
      this.#options.logger.warn({ exchange: this.exchange, reason: failure }, 'poll failed');
    this.#lastFailure = failure;
  }

  #noteRound(isWhole: boolean): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (isWhole) {
      if (!this.#isRoundWhole) {
        this.#wholeSince = this.#options.clock.now();
        if (this.#lastRoundAtMs !== undefined) this.#reconnects += 1;
      }
      if (this.#lastRoundAtMs !== undefined)
        this.#cadenceSeconds = Math.round((nowMs - this.#lastRoundAtMs) / 100) / 10;
      this.#lastRoundAtMs = nowMs;
    }
    this.#isRoundWhole = isWhole;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0) await this.#options.clock.sleep(ms, signal).catch(() => {});
  }
}
