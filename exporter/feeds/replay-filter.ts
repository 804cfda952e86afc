// Keeps a liquidation from counting twice when two connections tell it: after a reconnect to a venue that replays, and
// while an old connection and its successor overlap. No venue sends an id, so identity is a multiset: a connection may
// tell an event as often as it likes, and what passes is the most that any single connection has told.
import type { EpochMs } from '../../common/brands.ts';
import type { Liquidation, MarketEvent, Reject } from '../events.ts';
import type { MappedMessage } from '../mappers/mapper.ts';

/** Events remembered; a cascade of OKX's size fits many times over. */
const MAX_REMEMBERED = 10_000;
/** Late by this much is still believed of a new connection. */
const TOLERANCE_MS = 10_000;
/** While the venue's clock is not known, the host's may be minutes wrong. */
const BLIND_TOLERANCE_MS = 120_000;

/** Memory of one connection. */
export interface Witness {
  readonly startedAt: EpochMs;
  readonly told: Map<string, number>;
}

export class ReplayFilter {
  readonly #mayReplay: boolean;
  readonly #offsetMs: () => number | undefined;
  readonly #passed = new Map<string, number>();

  /**
   * @param mayReplay the venue sends old events to new subscribers
   * @param offsetMs our clock minus the venue's, where known
   */
  constructor(mayReplay: boolean, offsetMs: () => number | undefined) {
    this.#mayReplay = mayReplay;
    this.#offsetMs = offsetMs;
  }

  /** A new connection; `startedAt` is our clock when it was opened. */
  witness(startedAt: EpochMs): Witness {
    return { startedAt, told: new Map() };
  }

  /** @param isOverlapping two connections are open at once */
  filter(message: MappedMessage, witness: Witness, isOverlapping: boolean): MappedMessage {
    if (!this.#mayReplay && !isOverlapping) return message;
    const events: MarketEvent[] = [];
    const rejects: Reject[] = [...message.rejects];
    for (const event of message.events) {
      if (event.type === 'liquidation' && this.#isReplayed(event, witness)) {
        rejects.push({ reason: 'replayed', detail: `${event.instrumentId} of ${event.eventTime}` });
      } else events.push(event);
    }
    if (events.length === message.events.length) return message;
    return { events, rejects, sentTime: message.sentTime };
  }

  #isReplayed(event: Liquidation, { startedAt, told }: Witness): boolean {
    const key = `${event.instrumentId} ${event.liquidatedSide} ${event.eventTime} ${event.priceUsd} ${event.notionalUsd}`;
    const times = (told.get(key) ?? 0) + 1;
    remember(told, key, times);
    if (times <= (this.#passed.get(key) ?? 0)) return true;
    if (this.#mayReplay && this.#isOlderThan(startedAt, event.eventTime)) return true;
    remember(this.#passed, key, times);
    return false;
  }

  #isOlderThan(startedAt: EpochMs, eventTime: EpochMs): boolean {
    const offsetMs = this.#offsetMs();
    const toleranceMs = offsetMs === undefined ? BLIND_TOLERANCE_MS : TOLERANCE_MS;
    return eventTime + (offsetMs ?? 0) < startedAt - toleranceMs;
  }
}

function remember(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, times);
  if (counts.size <= MAX_REMEMBERED) return;
  const [oldest] = counts.keys();
  if (oldest !== undefined) counts.delete(oldest);
}
