// One connection that a feed wants to have, kept up through the lives of many sessions: reconnects with backoff, tries the
// URLs in turn, and replaces a session that the venue is about to cut, or that may only be in a quiet market, by a new one
// before the old one is let go.
import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { MappedMessage, Reject } from '../events.ts';
import type { RoutePlan, VenueProtocol } from '../venues/venue-protocol.ts';
import { ReconnectPolicy } from './reconnect-policy.ts';
import { ReplayFilter, type Witness } from './replay-filter.ts';
import { type Proof, Session } from './session.ts';
import type { SocketEnd } from './socket.ts';

export interface RouteOptions {
  readonly protocol: VenueProtocol;
  readonly plan: RoutePlan;
  readonly clock: Clock;
  readonly random?: () => number;
  /** Our clock minus the venue's, milliseconds, where known. */
  readonly offsetMs: () => number | undefined;
  readonly map: (message: unknown, receiveTime: EpochMs) => MappedMessage;
  readonly onMessage: (message: MappedMessage, receiveTime: EpochMs) => void;
  readonly onReject: (reject: Reject) => void;
  readonly onLost: (route: string, text: string, delayMs: number) => void;
}

/** Control streams speak within a second or three of the subscription. */
const BELIEVED_AFTER_MS = 5_000;
const FIRST_DATA_MS = 30_000;
/** A route that never had a control stream is left alone longer each time: its silence may be the market's. */
const MAX_FIRST_DATA_MS = 600_000;
/** How long an old session goes on beside its successor, so that nothing in flight is lost. */
const OVERLAP_MS = 1_000;

export class Route {
  readonly #options: RouteOptions;
  readonly #policy: ReconnectPolicy;
  readonly #filter: ReplayFilter;
  readonly #witnesses = new WeakMap<Session, Witness>();
  #plan: RoutePlan;
  #current: Session | undefined;
  #successor: Session | undefined;
  /** The successor takes over as soon as it is subscribed, since the present session has nothing to say either. */
  #isSilenceReplaced = false;
  /** The one that was replaced and still overlaps. */
  #predecessor: Session | undefined;
  #urlIndex = 0;
  #muteSessions = 0;
  #hadControl = false;
  #liveSince: EpochMs | undefined;
  lastMessageAt: EpochMs | undefined;
  lastError: string | undefined;
  messages = 0;
  reconnects = 0;

  constructor(options: RouteOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#policy = new ReconnectPolicy(options.random);
    this.#filter = new ReplayFilter(options.protocol.mayReplay, options.offsetMs);
  }

  get plan(): RoutePlan {
    return this.#plan;
  }

  /**
   * Data has come. A route that was never found mute and has no control stream is believed after a few seconds without: its
   * venue may have nothing to say for a while.
   */
  get isLive(): boolean {
    const session = this.#current;
    if (!session) return false;
    return (
      session.isLive || (!this.#hadControl && this.#muteSessions === 0 && session.settledForMs >= BELIEVED_AFTER_MS)
    );
  }

  /** Since when there has been no gap; a planned replacement makes none. */
  get liveSince(): EpochMs | undefined {
    return this.isLive ? this.#liveSince : undefined;
  }

  get circuit(): 'closed' | 'open' {
    return this.#policy.circuit;
  }

  get wanted(): number {
    return this.#plan.contracts ?? this.#plan.topics.length;
  }

  get confirmed(): number {
    return this.#current?.confirmed ?? 0;
  }

  /** What stands in the URL cannot be asked for later: then a new session takes over from the present one. */
  follow(plan: RoutePlan): void {
    const isElsewhere = plan.urls.join() !== this.#plan.urls.join();
    this.#plan = plan;
    this.#current?.follow(plan);
    this.#successor?.follow(plan);
    if (isElsewhere && this.#current) this.#replace(this.#current);
  }

  /** Holds the connection until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => {
      for (const session of [this.#predecessor, this.#successor, this.#current]) session?.end('stopped', 'stopped');
    };
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      this.#current = this.#open();
      const end = await this.#lastEnd();
      if (signal.aborted) break;
      const delayMs = this.#noteLoss(end);
      await this.#options.clock.sleep(delayMs, signal).catch(() => {});
      if (!signal.aborted) this.reconnects += 1;
    }
    signal.removeEventListener('abort', stop);
  }

  #open(): Session {
    const { urls } = this.#plan;
    const patience = this.#hadControl ? 1 : 2 ** Math.min(this.#muteSessions, 10);
    const session: Session = new Session({
      url: urls[this.#urlIndex % urls.length] ?? '',
      plan: this.#plan,
      protocol: this.#options.protocol,
      clock: this.#options.clock,
      firstDataMs: Math.min(FIRST_DATA_MS * patience, MAX_FIRST_DATA_MS),
      onMessage: (from, message) => this.#onMessage(from, message),
      onReject: this.#options.onReject,
      onSettled: (from) => {
        if (from === this.#successor && this.#isSilenceReplaced) this.#handOver(from);
      },
      onSilent: (from, text) => this.#onSilent(from, text),
      onReplaceMe: (from) => this.#replace(from),
      onTrouble: (text) => {
        this.lastError = text;
      },
    });
    this.#witnesses.set(session, this.#filter.witness(session.startedAt));
    return session;
  }

  /** The end of the session in charge, through all replacements. */
  async #lastEnd(): Promise<SocketEnd> {
    for (;;) {
      const session = this.#current;
      if (!session) return { type: 'stopped', text: 'stopped', waitMs: 0 };
      const end = await session.ended;
      if (this.#current !== session) continue;
      if (!this.#successor) return end;
      // It was cut before its successor had said anything: the successor is what there is.
      this.#current = this.#successor;
      this.#successor = undefined;
      this.#liveSince = undefined;
      this.reconnects += 1;
    }
  }

  #onMessage(session: Session, message: unknown): Proof {
    const receiveTime = this.#options.clock.now();
    const mapped = this.#options.map(message, receiveTime);
    const proof = proofOf(mapped);
    const witness = this.#witnesses.get(session);
    if (proof !== 'nothing') {
      if (session === this.#successor) this.#handOver(session);
      this.messages += 1;
      this.lastMessageAt = receiveTime;
      this.#liveSince ??= receiveTime;
      if (proof === 'control') {
        this.#hadControl = true;
        this.#muteSessions = 0;
      }
      this.#policy.recordData(session.stableForMs);
    }
    const isOverlapping = this.#successor !== undefined || this.#predecessor !== undefined;
    this.#options.onMessage(witness ? this.#filter.filter(mapped, witness, isOverlapping) : mapped, receiveTime);
    return proof;
  }

  /**
   * Where a control stream has spoken before, silence is proof. Where none ever did, it may be the market's: another
   * session is put beside this one, and after each the next is left alone longer.
   */
  #onSilent(session: Session, text: string): void {
    if (this.#hadControl) session.end('mute', text);
    else if (session === this.#current && !this.#successor) {
      this.lastError = text;
      this.#muteSessions += 1;
      this.#urlIndex += session.hasData ? 0 : 1;
      this.#replace(session, true);
    }
  }

  #replace(session: Session, isSilenceReplaced = false): void {
    if (session !== this.#current || this.#successor) return;
    this.#isSilenceReplaced = isSilenceReplaced;
    const successor = this.#open();
    this.#successor = successor;
    void successor.ended.then((end) => {
      if (this.#successor !== successor) return;
      this.#successor = undefined;
      this.lastError = `replacement failed: ${end.text}`;
    });
  }

  #handOver(successor: Session): void {
    const predecessor = this.#current;
    this.#current = successor;
    this.#successor = undefined;
    this.#predecessor = predecessor;
    if (predecessor?.isLive || this.#isSilenceReplaced) this.reconnects += 1;
    // What was told meanwhile, if anything, nobody knows: the next message names a gap.
    if (this.#isSilenceReplaced) this.#liveSince = undefined;
    this.#isSilenceReplaced = false;
    void this.#options.clock.sleep(OVERLAP_MS).then(() => {
      predecessor?.end('stopped', 'replaced');
      if (this.#predecessor === predecessor) this.#predecessor = undefined;
    });
  }

  #noteLoss(end: SocketEnd): number {
    const session = this.#current;
    this.#current = undefined;
    this.#liveSince = undefined;
    this.#urlIndex += session?.hasData ? 0 : 1;
    if (session && !session.hasControl && end.type === 'mute') this.#muteSessions += 1;
    this.lastError = end.text;
    const delayMs = this.#policy.recordFailure(this.#options.clock.monotonicMs(), end.waitMs);
    this.#options.onLost(this.#plan.name, end.text, delayMs);
    return delayMs;
  }
}

/** Rejects that still show that the venue speaks: the frame was understood, its content is not for us. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['unknown_instrument', 'quote_not_usd', 'future_event', 'replayed']);

function proofOf({ events, rejects, sentTime }: MappedMessage): Proof {
  if (events.some(({ type }) => type !== 'liquidation')) return 'control';
  if (events.length > 0 || rejects.some(({ reason }) => UNDERSTOOD.has(reason))) return 'data';
  // A delta of which nothing concerns us, with the venue's time on it.
  return sentTime !== undefined && rejects.length === 0 ? 'control' : 'nothing';
}
