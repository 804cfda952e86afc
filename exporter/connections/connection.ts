// One connection that a feed wants to have, kept up through the lives of many sessions: it reconnects with backoff, tries the
// URLs in turn, and replaces a session that the venue is about to cut, or that may only be in a quiet market, by a new one
// before the old one is let go.
import type { EpochMs } from '../../common/brands.ts';
import type { Logger } from '../../common/logger.ts';
import { MergedStreams } from '../../common/merged-streams.ts';
import type { MappedMessage } from '../events.ts';
import type { ConnectionPlan, VenueProtocol } from '../venues/venue-protocol.ts';
import { ReconnectPolicy } from './reconnect-policy.ts';
import { type FilteredSession, ReplayFilter } from './replay-filter.ts';
import { Session, type SessionEvent, type SessionOptions } from './session.ts';
import type { SocketEnd } from './socket.ts';

export interface ConnectionOptions extends Pick<SessionOptions, 'clock' | 'parse' | 'map'> {
  readonly protocol: VenueProtocol;
  readonly plan: ConnectionPlan;
  readonly logger: Logger;
  readonly random?: () => number;
  /** Our clock minus the venue's, milliseconds, where known. */
  readonly offsetMs: () => number | undefined;
}

export interface ReceivedMessage {
  readonly message: MappedMessage;
  readonly receiveTime: EpochMs;
}

interface OpenSession {
  readonly session: Session;
  readonly filtered: FilteredSession;
}

/** Control streams speak within a second or three of the subscription. */
const BELIEVED_AFTER_MS = 5_000;
const FIRST_DATA_MS = 30_000;
/** A connection that never had a control stream is left alone longer each time: its silence may be the market's. */
const MAX_FIRST_DATA_MS = 600_000;
/** How long an old session goes on beside its successor, so that nothing in flight is lost. */
const OVERLAP_MS = 1_000;
const STOPPED: SocketEnd = { type: 'stopped', text: 'stopped', waitMs: 0 };

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #policy: ReconnectPolicy;
  readonly #filter: ReplayFilter;
  #plan: ConnectionPlan;
  #sessions = new MergedStreams<{ readonly open: OpenSession; readonly event: SessionEvent }>();
  #current: OpenSession | undefined;
  #successor: OpenSession | undefined;
  /** The successor takes over as soon as it is subscribed, since the present session has nothing to say either. */
  #isSilenceReplaced = false;
  /** The one that was replaced and still overlaps. */
  #predecessor: OpenSession | undefined;
  #urlIndex = 0;
  #muteSessions = 0;
  #hadControl = false;
  #liveSince: EpochMs | undefined;
  lastMessageAt: EpochMs | undefined;
  lastError: string | undefined;
  messages = 0;
  reconnects = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#policy = new ReconnectPolicy(options.random);
    this.#filter = new ReplayFilter(options.protocol.mayReplay, options.offsetMs);
  }

  /** What comes in until the signal aborts. Holds the connection while it is read; never throws. */
  async *received(signal: AbortSignal): AsyncGenerator<ReceivedMessage> {
    const stop = () => {
      for (const open of [this.#predecessor, this.#successor, this.#current]) open?.session.end('stopped', 'stopped');
    };
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      this.#sessions = new MergedStreams();
      this.#current = this.#open();
      const end = yield* this.#untilLost();
      if (signal.aborted) break;
      const delayMs = this.#noteLoss(end);
      await this.#options.clock.sleep(delayMs, signal).catch(() => {});
      if (!signal.aborted) this.reconnects += 1;
    }
    signal.removeEventListener('abort', stop);
  }

  get plan(): ConnectionPlan {
    return this.#plan;
  }

  /**
   * Data has come. A connection that was never found mute and has no control stream is believed after a few seconds without:
   * its venue may have nothing to say for a while.
   */
  get isLive(): boolean {
    const session = this.#current?.session;
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
    return this.#current?.session.confirmed ?? 0;
  }

  /** What stands in the URL cannot be asked for later: then a new session takes over from the present one. */
  follow(plan: ConnectionPlan): void {
    const isElsewhere = plan.urls.join() !== this.#plan.urls.join();
    this.#plan = plan;
    this.#current?.session.follow(plan);
    this.#successor?.session.follow(plan);
    if (isElsewhere && this.#current) this.#replace(this.#current);
  }

  /** Reads the session in charge and those that take over from it, until none is left. */
  async *#untilLost(): AsyncGenerator<ReceivedMessage, SocketEnd> {
    let lost = STOPPED;
    for await (const { open, event } of this.#sessions) {
      switch (event.type) {
        case 'message': {
          if (event.proof !== 'nothing') this.#noteData(open, event);
          const isOverlapping = this.#successor !== undefined || this.#predecessor !== undefined;
          const message = this.#filter.filter(event.message, open.filtered, isOverlapping);
          yield { message, receiveTime: event.receiveTime };
          break;
        }
        case 'settled':
          if (open === this.#successor && this.#isSilenceReplaced) this.#handOver(open);
          break;
        case 'silent':
          this.#noteSilence(open, event.text);
          break;
        case 'expiring':
          this.#replace(open);
          break;
        case 'trouble':
          this.lastError = event.text;
          break;
        case 'ended':
          if (open === this.#current && !this.#successor) {
            lost = event.end;
            // It was about to be let go, and nobody is left whom it could overlap.
            this.#predecessor?.session.end('stopped', 'replaced');
          } else this.#noteEnd(open, event.end);
          break;
      }
    }
    return lost;
  }

  #open(): OpenSession {
    const { protocol, clock, parse, map } = this.#options;
    const { urls } = this.#plan;
    const patience = this.#hadControl ? 1 : 2 ** Math.min(this.#muteSessions, 10);
    const session = new Session({
      url: urls[this.#urlIndex % urls.length] ?? '',
      plan: this.#plan,
      firstDataMs: Math.min(FIRST_DATA_MS * patience, MAX_FIRST_DATA_MS),
      ...{ protocol, clock, parse, map },
    });
    const open = { session, filtered: this.#filter.addSession(session.startedAt) };
    this.#sessions.add(eventsOf(open));
    return open;
  }

  #noteData(open: OpenSession, { proof, receiveTime }: SessionEvent & { readonly type: 'message' }): void {
    if (open === this.#successor) this.#handOver(open);
    this.messages += 1;
    this.lastMessageAt = receiveTime;
    this.#liveSince ??= receiveTime;
    if (proof === 'control') {
      this.#hadControl = true;
      this.#muteSessions = 0;
    }
    this.#policy.recordData(open.session.stableForMs);
  }

  /**
   * Where a control stream has spoken before, silence is proof. Where none ever did, it may be the market's: another
   * session is put beside this one, and after each the next is left alone longer.
   */
  #noteSilence(open: OpenSession, text: string): void {
    if (this.#hadControl) open.session.end('mute', text);
    else if (open === this.#current && !this.#successor) {
      this.lastError = text;
      this.#muteSessions += 1;
      this.#urlIndex += open.session.hasData ? 0 : 1;
      this.#replace(open, true);
    }
  }

  /** One of several sessions has ended, and another goes on. */
  #noteEnd(open: OpenSession, end: SocketEnd): void {
    if (open === this.#successor) {
      this.#successor = undefined;
      this.lastError = `replacement failed: ${end.text}`;
    } else if (open === this.#current) {
      // It was cut before its successor had said anything: the successor is what there is.
      this.#current = this.#successor;
      this.#successor = undefined;
      this.#liveSince = undefined;
      this.reconnects += 1;
    } else if (open === this.#predecessor) this.#predecessor = undefined;
  }

  #replace(open: OpenSession, isSilenceReplaced = false): void {
    if (open !== this.#current || this.#successor) return;
    this.#isSilenceReplaced = isSilenceReplaced;
    this.#successor = this.#open();
  }

  #handOver(successor: OpenSession): void {
    const predecessor = this.#current;
    this.#current = successor;
    this.#successor = undefined;
    this.#predecessor = predecessor;
    if (predecessor?.session.isLive || this.#isSilenceReplaced) this.reconnects += 1;
    // What came meanwhile, if anything, nobody knows: the next message names a gap.
    if (this.#isSilenceReplaced) this.#liveSince = undefined;
    this.#isSilenceReplaced = false;
    void this.#options.clock.sleep(OVERLAP_MS).then(() => predecessor?.session.end('stopped', 'replaced'));
  }

  #noteLoss(end: SocketEnd): number {
    const session = this.#current?.session;
    this.#current = undefined;
    this.#liveSince = undefined;
    this.#urlIndex += session?.hasData ? 0 : 1;
    if (session && !session.hasControl && end.type === 'mute') this.#muteSessions += 1;
    this.lastError = end.text;
    const delayMs = this.#policy.recordFailure(this.#options.clock.monotonicMs(), end.waitMs);
    const { exchange } = this.#options.protocol;
    this.#options.logger.warn(
      { exchange, route: this.#plan.name, reason: end.text, delayMs: Math.round(delayMs) },
      'connection lost',
    );
    return delayMs;
  }
}

async function* eventsOf(open: OpenSession) {
  for await (const event of open.session.events()) yield { open, event };
}
