// The last readings of the existing service, for its own series. Kept apart from our state: it counts another way.
import type { EpochMs } from '../../common/brands.ts';
import type { MarketDataReading } from './market-data.ts';

/** Three missed calls: the service is asked every five minutes. */
const MAX_AGE_MS = 15 * 60_000;

export class ExistingOpenInterest {
  readonly #latest = new Map<string, MarketDataReading>();

  record(reading: MarketDataReading): void {
    this.#latest.set(`${reading.exchange} ${reading.symbol}`, reading);
  }

  /** Readings young enough to stand for the present. */
  read(now: EpochMs): readonly MarketDataReading[] {
    return [...this.#latest.values()].filter(({ receiveTime }) => now - receiveTime <= MAX_AGE_MS);
  }
}
