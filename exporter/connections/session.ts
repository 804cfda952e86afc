// One connection's life: it opens, subscribes, keeps itself alive, and ends itself when it has gone mute. Data decides, not
// the state of the socket: a venue's old path connects, acknowledges, answers pings and never says anything.
import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { Reject } from '../events.ts';
import { parseFrame } from '../venues/parse-frame.ts';
import type { ControlFrame, RoutePlan, VenueProtocol } from '../venues/venue-protocol.ts';
import { openSocket, type Socket, type SocketEnd } from './socket.ts';
import { Subscriptions } from './subscriptions.ts';

/** What a data message proved: a `control` stream spoke, some `data` came, or `nothing` anybody could use. */
export type Proof = 'control' | 'data' | 'nothing';

export interface SessionOptions {
  readonly url: string;
  readonly plan: RoutePlan;
  readonly protocol: VenueProtocol;
  readonly clock: Clock;
  /** Silence that is borne before the first control datum, milliseconds; afterwards it is `CONTROL_SILENCE_MS`. */
  readonly firstDataMs: number;
  readonly onMessage: (session: Session, message: unknown) => Proof;
  readonly onReject: (reject: Reject) => void;
  /** Once: open, and all that was asked for at first is answered. */
  readonly onSettled: (session: Session) => void;
  /** Said once a minute while there is no data and never was a control stream: a quiet market looks like that too. */
  readonly onSilent: (session: Session, text: string) => void;
  /** Said once a minute while the venue is about to cut this connection. */
  readonly onReplaceMe: (session: Session) => void;
  /** Something worth showing that does not end the connection. */
  readonly onTrouble: (text: string) => void;
}

const HANDSHAKE_MS = 10_000;
const ACK_MS = 5_000;
/** Control streams speak every second or three: five times that is silence. */
const CONTROL_SILENCE_MS = 15_000;
const TICK_MS = 1_000;
const REPLACE_EVERY_MS = 60_000;

export class Session {
  readonly startedAt: EpochMs;
  readonly ended: Promise<SocketEnd>;
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #subscriptions: Subscriptions;
  readonly #over = new AbortController();
  readonly #startedMs: number;
  readonly #resolveEnded: (end: SocketEnd) => void;
  #plan: RoutePlan;
  #isOpen = false;
  #settledMs: number | undefined;
  #hasControl = false;
  #firstDataMs: number | undefined;
  #lastDataMs: number;
  #lastFrameMs: number;
  #lastPingMs: number;
  #awaitsPongSince: number | undefined;
  #replaceFromMs: number;
  #complainFromMs = Number.NEGATIVE_INFINITY;

  constructor(options: SessionOptions) {
    const { clock, protocol, plan, url } = options;
    const { promise, resolve } = Promise.withResolvers<SocketEnd>();
    this.#options = options;
    this.#plan = plan;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.startedAt = clock.now();
    this.#startedMs = clock.monotonicMs();
    this.#lastDataMs = this.#startedMs;
    this.#lastFrameMs = this.#startedMs;
    this.#lastPingMs = this.#startedMs;
    this.#replaceFromMs = this.#startedMs + (protocol.lifetimeMs ?? Number.POSITIVE_INFINITY);
    this.#subscriptions = new Subscriptions(protocol.batchSize);
    this.#socket = openSocket(url, clock, {
      onOpen: () => this.#onOpen(),
      onText: (text) => this.#onText(text),
      onReject: (reject) => options.onReject(reject),
      onEnd: (end) => this.#onEnd(end),
    });
    void this.#watch();
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
  follow(plan: RoutePlan): void {
    this.#plan = plan;
    if (this.#isOpen) this.#subscribe();
  }

  end(type: 'mute' | 'stopped', text: string): void {
    this.#socket.end(type, text);
  }

  #onOpen(): void {
    this.#isOpen = true;
    this.#subscribe();
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
    if (!this.#subscriptions.isSettled || this.#settledMs !== undefined) return;
    this.#settledMs = clock.monotonicMs();
    this.#options.onSettled(this);
  }

  #onText(text: string): void {
    const { protocol, onReject, onMessage, clock } = this.#options;
    this.#lastFrameMs = clock.monotonicMs();
    if (text === protocol.barePong) {
      this.#awaitsPongSince = undefined;
      return;
    }
    let message: unknown;
    try {
      message = parseFrame(text);
    } catch {
      onReject({ reason: 'not_json', detail: text.slice(0, 200) });
      return;
    }
    const control = protocol.readControl(message);
    if (control) {
      this.#onControl(control);
      return;
    }
    const proof = onMessage(this, message);
    if (proof === 'nothing') return;
    this.#lastDataMs = this.#lastFrameMs;
    this.#firstDataMs ??= this.#lastFrameMs;
    if (proof === 'control') this.#hasControl = true;
  }

  #onControl(frame: ControlFrame): void {
    switch (frame.type) {
      case 'acknowledged':
        this.#subscriptions.confirm(frame.requestId, frame.topic);
        break;
      case 'rejected': {
        const { requestId, topic, isAlreadySubscribed, text } = frame;
        const refused = this.#subscriptions.reject(requestId, topic, isAlreadySubscribed);
        if (refused.length > 0) this.#options.onTrouble(`subscription refused: ${text.slice(0, 200)}`);
        break;
      }
      case 'pong':
        this.#awaitsPongSince = undefined;
        break;
      case 'reconnect':
        this.#options.onTrouble(frame.text);
        this.#replaceFromMs = this.#lastFrameMs;
        this.#askForReplacement();
        break;
      case 'ignored':
        break;
    }
    this.#sendRequests();
  }

  /** One look a second at everything that depends on time. */
  async #watch(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#over.signal.aborted) {
      await clock.sleep(TICK_MS, this.#over.signal).catch(() => {});
      if (!this.#over.signal.aborted) this.#look(clock.monotonicMs());
    }
  }

  #look(nowMs: number): void {
    if (!this.#isOpen) {
      if (nowMs - this.#startedMs >= HANDSHAKE_MS) this.end('mute', `no handshake within ${HANDSHAKE_MS / 1_000} s`);
      return;
    }
    const givenUp = this.#subscriptions.expire(nowMs, ACK_MS);
    if (givenUp.length > 0) this.#options.onTrouble(`${givenUp.length} subscriptions were never answered`);
    this.#sendRequests();
    this.#keepAlive(nowMs);
    this.#judgeSilence(nowMs);
    if (nowMs >= this.#replaceFromMs) this.#askForReplacement();
  }

  #judgeSilence(nowMs: number): void {
    const limitMs = this.#hasControl ? CONTROL_SILENCE_MS : this.#options.firstDataMs;
    if (nowMs - this.#lastDataMs < limitMs) return;
    const text = `mute: connected, but no data for ${Math.round(limitMs / 1_000)} s`;
    if (this.#hasControl) this.end('mute', text);
    else if (nowMs >= this.#complainFromMs) {
      this.#complainFromMs = nowMs + REPLACE_EVERY_MS;
      this.#options.onSilent(this, text);
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

  #askForReplacement(): void {
    this.#replaceFromMs = Math.max(this.#replaceFromMs, this.#options.clock.monotonicMs()) + REPLACE_EVERY_MS;
    this.#options.onReplaceMe(this);
  }

  #onEnd(end: SocketEnd): void {
    this.#isOpen = false;
    this.#over.abort();
    this.#resolveEnded(end);
  }
}
