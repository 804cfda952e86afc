// Keeps a liquidation from counting twice when two sessions deliver it: after a reconnect to a venue that replays, and while
// an old session and its successor overlap. No venue sends an id, so identity is a multiset: a session may deliver an equal
// liquidation as often as it likes, and what passes is the most that any single session has delivered.
import type { EpochMs } from '../../common/brands.ts';
import type { Liquidation, MappedMessage, MarketEvent, Reject } from '../events.ts';
import { SeenLiquidations } from './seen-liquidations.ts';

/** Events remembered, of two sessions together; a cascade of OKX's size fits many times over. */
const MAX_REMEMBERED = 20_000;
/** Liquidations that are late by this much are still taken from a new session. */
const TOLERANCE_MS = 10_000;
/** While the venue's clock is not known, the host's may be minutes wrong. */
const BLIND_TOLERANCE_MS = 120_000;

/** One session, as the filter knows it. */
export interface FilteredSession {
  readonly number: number;
  /** Our clock when it was opened. */
  readonly startedAt: EpochMs;
}

export class ReplayFilter {
  readonly #mayReplay: boolean;
  readonly #offsetMs: () => number | undefined;
  readonly #seen = new SeenLiquidations(MAX_REMEMBERED);
  #sessions = 0;

  /**
   * @param mayReplay the venue sends old events to new subscribers
   * @param offsetMs our clock minus the venue's, where known
   */
  constructor(mayReplay: boolean, offsetMs: () => number | undefined) {
    this.#mayReplay = mayReplay;
    this.#offsetMs = offsetMs;
  }

  /** How many events are remembered. */
  get remembered(): number {
    return this.#seen.size;
  }

  /** A new session; `startedAt` is our clock when it was opened. */
  addSession(startedAt: EpochMs): FilteredSession {
    return { number: this.#sessions++, startedAt };
  }

  /** @param isOverlapping two sessions are open at once */
  filter(message: MappedMessage, session: FilteredSession, isOverlapping: boolean): MappedMessage {
    if (!this.#mayReplay && !isOverlapping) return message;
    const oldest = this.#mayReplay ? this.#oldestAccepted(session) : Number.NEGATIVE_INFINITY;
    const rejects: Reject[] = [];
    let passed: MarketEvent[] | undefined;
    let looked = 0;
    for (const event of message.events) {
      if (event.type === 'liquidation' && this.#isReplayed(event, session, oldest)) {
        rejects.push({ reason: 'replayed', detail: `${event.instrumentId} of ${event.eventTime}` });
        passed ??= message.events.slice(0, looked);
      } else passed?.push(event);
      looked++;
    }
    if (passed === undefined) return message;
    return { events: passed, rejects: [...message.rejects, ...rejects], sentTime: message.sentTime };
  }

  #isReplayed(event: Liquidation, { number }: FilteredSession, oldest: number): boolean {
    if (event.eventTime < oldest) return true;
    const isReplayed = this.#seen.isSeenMoreByAnother(event, number);
    this.#seen.add(event, number);
    return isReplayed;
  }

  /** A new session's liquidations older than this, on the venue's clock, are replays. */
  #oldestAccepted({ startedAt }: FilteredSession): number {
    const offsetMs = this.#offsetMs();
    return offsetMs === undefined ? startedAt - BLIND_TOLERANCE_MS : startedAt - TOLERANCE_MS - offsetMs;
  }
}
