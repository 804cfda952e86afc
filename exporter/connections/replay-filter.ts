// Keeps a liquidation from counting twice when two connections tell it: after a reconnect to a venue that replays, and
// while an old connection and its successor overlap. No venue sends an id, so identity is a multiset: a connection may
// tell an event as often as it likes, and what passes is the most that any single connection has told.
import type { EpochMs } from '../../common/brands.ts';
import type { Liquidation, MappedMessage, MarketEvent, Reject } from '../events.ts';
import { Tellings } from './seen-liquidations.ts';

/** Events remembered, of two connections together; a cascade of OKX's size fits many times over. */
const MAX_REMEMBERED = 20_000;
/** Late by this much is still believed of a new connection. */
const TOLERANCE_MS = 10_000;
/** While the venue's clock is not known, the host's may be minutes wrong. */
const BLIND_TOLERANCE_MS = 120_000;

/** One connection, to the filter. */
export interface Witness {
  readonly connection: number;
  readonly startedAt: EpochMs;
}

export class ReplayFilter {
  readonly #mayReplay: boolean;
  readonly #offsetMs: () => number | undefined;
  readonly #told = new Tellings(MAX_REMEMBERED);
  #witnesses = 0;

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
    return this.#told.size;
  }

  /** A new connection; `startedAt` is our clock when it was opened. */
  witness(startedAt: EpochMs): Witness {
    return { connection: this.#witnesses++, startedAt };
  }

  /** @param isOverlapping two connections are open at once */
  filter(message: MappedMessage, witness: Witness, isOverlapping: boolean): MappedMessage {
    if (!this.#mayReplay && !isOverlapping) return message;
    const oldest = this.#mayReplay ? this.#oldestBelieved(witness) : Number.NEGATIVE_INFINITY;
    const rejects: Reject[] = [];
    let passed: MarketEvent[] | undefined;
    let looked = 0;
    for (const event of message.events) {
      if (event.type === 'liquidation' && this.#isReplayed(event, witness, oldest)) {
        rejects.push({ reason: 'replayed', detail: `${event.instrumentId} of ${event.eventTime}` });
        passed ??= message.events.slice(0, looked);
      } else passed?.push(event);
      looked++;
    }
    if (passed === undefined) return message;
    return { events: passed, rejects: [...message.rejects, ...rejects], sentTime: message.sentTime };
  }

  #isReplayed(event: Liquidation, { connection }: Witness, oldest: number): boolean {
    if (event.eventTime < oldest) return true;
    const isReplayed = this.#told.isToldMoreByAnother(event, connection);
    this.#told.add(event, connection);
    return isReplayed;
  }

  /** What is older than this, on the venue's clock, a new connection is not believed. */
  #oldestBelieved({ startedAt }: Witness): number {
    const offsetMs = this.#offsetMs();
    return offsetMs === undefined ? startedAt - BLIND_TOLERANCE_MS : startedAt - TOLERANCE_MS - offsetMs;
  }
}
