// One socket's life, as one loop: it opens, subscribes, keeps itself alive, and ends itself when it has gone mute. Data
// decides, not the state of the socket: a venue's old path connects, acknowledges, answers pings and never says anything.
import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { MergedStreams } from '../../common/merged-streams.ts';
import type { MappedMessage } from '../events.ts';
import type { ConnectionPlan, ControlFrame, VenueProtocol } from '../venues/venue-protocol.ts';
import { type Proof, proofOf } from './proof.ts';
import { openSocket, type Socket, type SocketEnd, type SocketEvent } from './socket.ts';
import { Subscriptions } from './subscriptions.ts';

export interface SessionOptions {
  readonly url: string;
  readonly plan: ConnectionPlan;
  readonly protocol: VenueProtocol;
  readonly clock: Clock;
  /** Silence that is borne before the first control datum, milliseconds; afterwards it is `CONTROL_SILENCE_MS`. */
  readonly firstDataMs: number;
  /** @throws SyntaxError for a text that is no JSON */
  readonly parse: (text: string) => unknown;
  readonly map: (message: unknown, receiveTime: EpochMs) => MappedMessage;
}

export type SessionEvent =
  | {
      readonly type: 'message';
      readonly message: MappedMessage;
      readonly receiveTime: EpochMs;
      readonly proof: Proof;
    }
  /** Once: open, and all that was asked for at first is answered. */
  | { readonly type: 'settled' }
  /** Once a minute while there is no data and never was a control stream: a quiet market looks like that too. */
  | { readonly type: 'silent'; readonly text: string }
  /** Once a minute while the venue is about to cut this connection. */
  | { readonly type: 'expiring' }
  /** Something worth showing that does not end the connection. */
  | { readonly type: 'trouble'; readonly text: string }
  /** The last one. */
  | { readonly type: 'ended'; readonly end: SocketEnd };

const HANDSHAKE_MS = 10_000;
const ACK_MS = 5_000;
/** Control streams speak every second or three: five times that is silence. */
const CONTROL_SILENCE_MS = 15_000;
const TICK_MS = 1_000;
/** Least time between two of the same request for a replacement, or complaints of silence. */
const REPEAT_MS = 60_000;

export class Session {
  /** Our clock when it was opened. */
  readonly startedAt: EpochMs;
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #subscriptions: Subscriptions;
  readonly #startedMs: number;
  #plan: ConnectionPlan;
  #isOpen = false;
  #settledMs: number | undefined;
  #isSettledTold = false;
  #hasControl = false;
  #firstDataMs: number | undefined;
  #lastDataMs: number;
  #lastFrameMs: number;
  #lastPingMs: number;
  #awaitsPongSince: number | undefined;
  #expiringFromMs: number;
  #complainFromMs = Number.NEGATIVE_INFINITY;

  constructor(options: SessionOptions) {
    const { clock, protocol, plan, url } = options;
    this.#options = options;
    this.#plan = plan;
    this.startedAt = clock.now();
    this.#startedMs = clock.monotonicMs();
    this.#lastDataMs = this.#startedMs;
    this.#lastFrameMs = this.#startedMs;
    this.#lastPingMs = this.#startedMs;
    this.#expiringFromMs = this.#startedMs + (protocol.lifetimeMs ?? Number.POSITIVE_INFINITY);
    this.#subscriptions = new Subscriptions(protocol.batchSize);
    this.#socket = openSocket(url, clock);
  }

  /** The whole life of the socket. To be read once, to its end. */
  async *events(): AsyncGenerator<SessionEvent> {
    const over = new AbortController();
    const happenings = new MergedStreams<SocketEvent | { readonly type: 'tick' }>();
    happenings.add(this.#socket.events);
    happenings.add(this.#ticks(over.signal));
    for await (const happening of happenings) {
      switch (happening.type) {
        case 'opened':
          this.#isOpen = true;
          this.#subscribe();
          break;
        case 'text':
          yield* this.#read(happening.text, happening.receiveTime);
          break;
        case 'unusable':
          yield messageOf({ rejects: [happening.reject] }, happening.receiveTime);
          break;
        case 'tick':
          yield* this.#look(this.#options.clock.monotonicMs());
          break;
        case 'ended':
          this.#isOpen = false;
          over.abort();
          yield happening;
          break;
      }
      if (this.#settledMs === undefined || this.#isSettledTold) continue;
      this.#isSettledTold = true;
      yield { type: 'settled' };
    }
  }

  /** Open, all that was asked for at first is answered, and data has come. */
  get isLive(): boolean {
    return this.#isOpen && this.#settledMs !== undefined && this.#firstDataMs !== undefined;
  }

  /** How long it has been open with all that was asked for at first answered, milliseconds; 0 before. */
  get settledForMs(): number {
    if (!this.#isOpen || this.#settledMs === undefined) return 0;
    return this.#options.clock.monotonicMs() - this.#settledMs;
  }

  get hasControl(): boolean {
    return this.#hasControl;
  }

  get hasData(): boolean {
    return this.#firstDataMs !== undefined;
  }

  /** How long data has been flowing, milliseconds. */
  get stableForMs(): number {
    return this.#firstDataMs === undefined ? 0 : this.#lastDataMs - this.#firstDataMs;
  }

  /** Contracts that the venue has confirmed. */
  get confirmed(): number {
    const { topics, contracts } = this.#plan;
    const confirmed = topics.filter((topic) => this.#subscriptions.isConfirmed(topic)).length;
    if (contracts === undefined) return confirmed;
    return this.isLive && confirmed === topics.length ? contracts : 0;
  }

  /** Subscribes to what the new plan adds. */
  follow(plan: ConnectionPlan): void {
    this.#plan = plan;
    if (this.#isOpen) this.#subscribe();
  }

  end(type: 'mute' | 'stopped', text: string): void {
    this.#isOpen = false;
    this.#socket.end(type, text);
  }

  async *#ticks(signal: AbortSignal): AsyncGenerator<{ readonly type: 'tick' }> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(TICK_MS, signal).catch(() => {});
      if (!signal.aborted) yield { type: 'tick' };
    }
  }

  #subscribe(): void {
    // Apart, so that an unknown control topic cannot spoil the request for the liquidations.
    this.#subscriptions.want(this.#plan.controlTopics);
    this.#subscriptions.want(this.#plan.topics);
    this.#sendRequests();
  }

  #sendRequests(): void {
    const { clock, protocol } = this.#options;
    for (;;) {
      const request = this.#subscriptions.next(clock.monotonicMs());
      if (!request) break;
      this.#socket.send(protocol.subscribeFrame(request.id, request.topics));
    }
    if (this.#subscriptions.isSettled) this.#settledMs ??= clock.monotonicMs();
  }

  *#read(text: string, receiveTime: EpochMs): Generator<SessionEvent> {
    const { protocol, clock, parse, map } = this.#options;
    this.#lastFrameMs = clock.monotonicMs();
    if (text === protocol.barePong) {
      this.#awaitsPongSince = undefined;
      return;
    }
    let frame: unknown;
    try {
      frame = parse(text);
    } catch {
      yield messageOf({ rejects: [{ reason: 'not_json', detail: text.slice(0, 200) }] }, receiveTime);
      return;
    }
    const control = protocol.readControl(frame);
    if (control) {
      yield* this.#readControl(control);
      return;
    }
    const message = map(frame, receiveTime);
    const proof = proofOf(message);
    if (proof !== 'nothing') {
      this.#lastDataMs = this.#lastFrameMs;
      this.#firstDataMs ??= this.#lastFrameMs;
      if (proof === 'control') this.#hasControl = true;
    }
    yield { type: 'message', message, receiveTime, proof };
  }

  *#readControl(frame: ControlFrame): Generator<SessionEvent> {
    switch (frame.type) {
      case 'acknowledged':
        this.#subscriptions.confirm(frame.requestId, frame.topic);
        break;
      case 'rejected': {
        const { requestId, topic, isAlreadySubscribed, text } = frame;
        const refused = this.#subscriptions.reject(requestId, topic, isAlreadySubscribed);
        if (refused.length > 0) yield { type: 'trouble', text: `subscription refused: ${text.slice(0, 200)}` };
        break;
      }
      case 'pong':
        this.#awaitsPongSince = undefined;
        break;
      case 'reconnect':
        yield { type: 'trouble', text: frame.text };
        yield this.#expiring(this.#lastFrameMs);
        break;
      case 'ignored':
        break;
    }
    this.#sendRequests();
  }

  /** Once a second: everything that depends on time. */
  *#look(nowMs: number): Generator<SessionEvent> {
    if (!this.#isOpen) {
      if (nowMs - this.#startedMs >= HANDSHAKE_MS) this.end('mute', `no handshake within ${HANDSHAKE_MS / 1_000} s`);
      return;
    }
    const givenUp = this.#subscriptions.expire(nowMs, ACK_MS);
    if (givenUp.length > 0) yield { type: 'trouble', text: `${givenUp.length} subscriptions were never answered` };
    this.#sendRequests();
    this.#keepAlive(nowMs);
    yield* this.#judgeSilence(nowMs);
    if (nowMs >= this.#expiringFromMs) yield this.#expiring(nowMs);
  }

  *#judgeSilence(nowMs: number): Generator<SessionEvent> {
    const limitMs = this.#hasControl ? CONTROL_SILENCE_MS : this.#options.firstDataMs;
    if (nowMs - this.#lastDataMs < limitMs) return;
    const text = `mute: connected, but no data for ${Math.round(limitMs / 1_000)} s`;
    if (this.#hasControl) this.end('mute', text);
    else if (nowMs >= this.#complainFromMs) {
      this.#complainFromMs = nowMs + REPEAT_MS;
      yield { type: 'silent', text };
    }
  }

  #keepAlive(nowMs: number): void {
    const { keepAlive } = this.#options.protocol;
    if (!keepAlive) return;
    const { answerMs, frame, intervalMs, when } = keepAlive;
    // Where only silence is broken by a ping, any frame is an answer to it.
    const since = this.#awaitsPongSince;
    if (when === 'silent' && since !== undefined && this.#lastFrameMs > since) this.#awaitsPongSince = undefined;
    if (this.#awaitsPongSince !== undefined) {
      if (nowMs - this.#awaitsPongSince >= answerMs)
        this.end('mute', `no answer to a ping within ${answerMs / 1_000} s`);
      return;
    }
    const quietSince = when === 'silent' ? Math.max(this.#lastFrameMs, this.#lastPingMs) : this.#lastPingMs;
    if (nowMs - quietSince < intervalMs) return;
    this.#lastPingMs = nowMs;
    this.#awaitsPongSince = nowMs;
    this.#socket.send(frame);
  }

  #expiring(nowMs: number): SessionEvent {
    this.#expiringFromMs = nowMs + REPEAT_MS;
    return { type: 'expiring' };
  }
}

/** What never reached the mapper. */
function messageOf({ rejects }: Pick<MappedMessage, 'rejects'>, receiveTime: EpochMs): SessionEvent {
  return { type: 'message', message: { events: [], rejects, sentTime: undefined }, receiveTime, proof: 'nothing' };
}
