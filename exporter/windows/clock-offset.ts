// How far our clock is ahead of each venue's. A message cannot arrive before it was sent, so the smallest
// receive − sent of the last minutes is the offset plus the fastest trip; slow messages never move it.
import type { EpochMs } from '../../common/brands.ts';
import { medianOf } from '../../common/median.ts';
import type { Exchange } from '../events.ts';
import { RecentMedian } from './recent-median.ts';
import { SlidingLow } from './sliding-low.ts';

/** A difference beyond a day is a broken message: with a clock that wrong no TLS certificate would be valid. */
const PLAUSIBLE_MS = 86_400_000;

export class ClockOffsets {
  readonly #venues = new Map<Exchange, VenueSamples>();
  /** The median of what the venues tell, kept because OKX's liquidations ask for it one by one. */
  #common: number | undefined;
  #commonUntil = Number.NEGATIVE_INFINITY;

  /** The venue's clock when it sent a message, of any stream, and ours when the message came. */
  sample(exchange: Exchange, sentTime: EpochMs, receiveTime: EpochMs): void {
    const difference = receiveTime - sentTime;
    if (Math.abs(difference) > PLAUSIBLE_MS) return;
    if (this.#samplesOf(exchange).sent.add(difference, receiveTime)) this.#commonUntil = Number.NEGATIVE_INFINITY;
  }

  /** The event time of a liquidation: used only while no venue says when it sends. */
  sampleEvent(exchange: Exchange, eventTime: EpochMs, receiveTime: EpochMs): void {
    const difference = receiveTime - eventTime;
    if (Math.abs(difference) <= PLAUSIBLE_MS) this.#samplesOf(exchange).events.add(difference, receiveTime);
  }

  /**
   * Our clock minus the venue's, whole milliseconds: event time + offset is on our clock. From the venue's own
   * messages; else the median of the other venues', since an error of this host is common to all; else from the
   * event times, once enough of them agree; else 0.
   */
  offsetMs(exchange: Exchange, now: EpochMs): number {
    return this.measuredMs(exchange, now) ?? 0;
  }

  /** The same; `undefined` while nothing tells. */
  measuredMs(exchange: Exchange, now: EpochMs): number | undefined {
    const estimate = this.#estimate(exchange, now);
    return estimate === undefined ? undefined : Math.round(estimate);
  }

  /**
   * How far the host's clock is ahead of the venue's, seconds: the offset, and by how much the host's clock was set
   * since the start. `undefined` while nothing tells.
   */
  hostErrorSeconds(exchange: Exchange, now: EpochMs, wallNow: EpochMs): number | undefined {
    const estimate = this.#estimate(exchange, now);
    return estimate === undefined ? undefined : Math.round(estimate + wallNow - now) / 1_000;
  }

  #estimate(exchange: Exchange, now: EpochMs): number | undefined {
    const { sent, events } = this.#samplesOf(exchange);
    return sent.low(now) ?? this.#commonLow(now) ?? events.median(now);
  }

  /** Of the venues that tell something, which is of the others for one that does not. */
  #commonLow(now: EpochMs): number | undefined {
    if (now < this.#commonUntil) return this.#common;
    const venues = Array.from(this.#venues.values(), ({ sent }) => sent);
    this.#common = medianOf(venues.map((venue) => venue.low(now)).filter((low) => low !== undefined));
    this.#commonUntil = Math.min(...venues.map(({ turnsAt }) => turnsAt));
    return this.#common;
  }

  #samplesOf(exchange: Exchange): VenueSamples {
    const known = this.#venues.get(exchange);
    if (known) return known;
    const samples = { sent: new SlidingLow(), events: new RecentMedian() };
    this.#venues.set(exchange, samples);
    return samples;
  }
}

/** What one venue has told: differences between receive time and send time, or event time, milliseconds. */
interface VenueSamples {
  readonly sent: SlidingLow;
  readonly events: RecentMedian;
}
